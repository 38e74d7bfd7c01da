"""The ingest worker: it holds the camera connections and hands packets on.

One thread for each camera: connect, demux, give each packet its time, hand it to the sinks.
The detect stream to a vision worker is one sink; recorder and live view will be others.
"""
