"""The process of ``RtmpServer``: plays a clip to one RTMP player after another.

PyAV hands no options to the protocol of an output, but the ``tee`` muxer does.
"""

import sys
import time

import av


def serve(clip: str, url: str) -> None:
    """Wait for a player, play until it leaves, and wait for the next."""
    while True:
        try:
            play(clip, url)
        except (av.error.FFmpegError, OSError):
            time.sleep(0.05)


def play(clip: str, url: str) -> None:
    """Play to the first who connects."""
    with (
        av.open(clip, options={"protocol_whitelist": "file"}) as source,
        av.open(f"[f=flv:listen=1:onfail=abort]{url}", "w", format="tee") as target,
    ):
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        began, shift = time.monotonic(), 0
        while True:
            source.seek(0)
            last = 0
            for packet in source.demux(stream):
                if packet.pts is None or packet.dts is None:
                    continue
                last = packet.pts + (packet.duration or 1)
                at = float((packet.pts + shift) * packet.time_base)
                time.sleep(max(0.0, began + at - time.monotonic()))
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = copy
                target.mux(packet)
            shift += last


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
