"""A Home Assistant configuration folder: read, judged, and what of it runs here."""
