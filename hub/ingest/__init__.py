"""The ingest worker: it holds the camera connections and hands packets on."""
