"""The least that PyAV can do for the same: record each main stream by copy, decode each sub stream.

``bare_pyav.py FOLDER MAIN SUB [MAIN SUB ...]``; a thread for each stream, nothing more.
"""

import sys
import threading

import av

INPUT = {
    "protocol_whitelist": "rtsp,rtp,tcp,udp", "rtsp_transport": "tcp",
    "analyzeduration": "200000", "fpsprobesize": "0",
}  # fmt: skip
OUTPUT = {
    "movflags": "hybrid_fragmented+default_base_moof", "frag_duration": "500000",
    "flush_packets": "1",
}  # fmt: skip


def record(url: str, path: str) -> None:
    with av.open(url, options=INPUT, timeout=(5, 6)) as source:
        stream = source.streams.video[0]
        with av.open(path, "w", format="mp4", options=OUTPUT) as file:
            copy = file.add_stream_from_template(stream)
            begun = False
            for packet in source.demux(stream):
                begun = begun or (packet.is_keyframe and packet.dts is not None)
                if begun and packet.dts is not None:
                    packet.stream = copy
                    file.mux_one(packet)


def look(url: str) -> None:
    with av.open(url, options=INPUT, timeout=(5, 6)) as source:
        source.streams.video[0].codec_context.thread_count = 1
        for _ in source.decode(video=0):
            pass


urls = sys.argv[2:]
for number, (main, sub) in enumerate(zip(urls[::2], urls[1::2], strict=True)):
    threading.Thread(target=record, args=(main, f"{sys.argv[1]}/bare{number}.mp4")).start()
    threading.Thread(target=look, args=(sub,)).start()
