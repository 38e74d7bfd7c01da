"""``python -m hub.vision FD SOCKET_PATH``: started by the hub, never by hand."""

from hub.core.workers import serve
from hub.vision.messages import FromHub, Note
from hub.vision.worker import main

serve(FromHub, main, note=lambda level, text: Note(level=level, text=text))
