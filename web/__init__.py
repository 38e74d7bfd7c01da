"""The web server: pages, the API, and live events."""
