"""``python -m hub.ingest FD [FOLDER]``, started by the hub."""

from hub.core.workers import serve
from hub.ingest.messages import FromHub, Note
from hub.ingest.worker import main

if __name__ == "__main__":
    serve(FromHub, main, note=lambda level, text: Note(level=level, text=text))
