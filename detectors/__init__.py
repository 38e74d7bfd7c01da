"""Detectors: each a plugin of its own, and the catalogue of models they use."""
