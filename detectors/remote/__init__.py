"""Objects found by a model server elsewhere: OpenVINO, Triton, or any that speaks KServe v2."""

from collections.abc import Iterable

from hub.api import Component, hookimpl


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    from detectors.remote.detector import Remote

    return (Remote,)
