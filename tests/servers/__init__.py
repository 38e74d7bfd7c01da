"""Real servers for tests: cameras that speak RTSP, HTTP and RTMP on loopback, and can fail."""

from tests.servers.clips import Clip, Picture, make_clip
from tests.servers.hls import HlsServer
from tests.servers.mjpeg import MjpegServer
from tests.servers.rtmp import RtmpServer
from tests.servers.rtsp import RtspServer

__all__ = [
    "Clip",
    "HlsServer",
    "MjpegServer",
    "Picture",
    "RtmpServer",
    "RtspServer",
    "make_clip",
]
