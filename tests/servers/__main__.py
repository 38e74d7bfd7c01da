"""``python -m tests.servers CLIP [--port N] [--paths N] [--auth digest] [--stamps]``.

Serves a clip by RTSP until it is told to end (SIGTERM), and prints the address when it listens, and
at its end as JSON how many pictures were sent under each path.
"""

import argparse
import json
import signal
from pathlib import Path

from tests.servers.clips import Clip
from tests.servers.rtsp import RtspServer

parser = argparse.ArgumentParser()
parser.add_argument("clip", type=Path)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--paths", type=int, default=1)
parser.add_argument("--auth", choices=("none", "basic", "digest"), default="none")
parser.add_argument("--stamps", action="store_true")
given = parser.parse_args()
server = RtspServer(Clip.read(given.clip), auth=given.auth, paths=given.paths, stamps=given.stamps)
server.port = given.port
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
with server:
    print(server.url(), flush=True)
    signal.sigwait({signal.SIGTERM})
    server.freeze()
print(json.dumps(server.counts))
