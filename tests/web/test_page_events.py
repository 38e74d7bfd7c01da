"""The list of events on the page: sentences, filters, thumbnails."""

from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest

from hub.api import (
    Box,
    CameraOffline,
    Event,
    LineCrossed,
    ObjectAppeared,
    ObjectMoved,
    ObjectPictured,
    ObjectStationary,
    ReviewStarted,
    ReviewUpdated,
    ZoneCrowded,
    ZoneDispersed,
    ZoneLoitering,
)
from hub.api.events import dotted
from hub.api.vision import VisionEvent
from hub.testing import START, TestHub
from tests.web.browsing import DESKTOP, PHONE, browse, entered, expect, online, shows
from tests.web.conftest import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_an_event_appears_as_a_sentence_and_its_json_on_a_key() -> None:
    async def story(site: Site, tab: Any) -> None:
        site.hub.fire(entered())
        await shows(tab, ".event .words", "person entered doorstep (Front porch), 0.82")
        await tab.locator(".event summary").first.focus()
        await tab.keyboard.press("Enter")
        await shows(tab, ".event pre", '"track": "porch-1"')

    browse(story, before=online)


def test_what_vision_sees_is_told_in_sentences() -> None:
    facts: dict[str, Any] = {
        "camera": "porch", "object": "person", "track": "porch-1", "score": 0.82,
        "box": Box(0.4, 0.4, 0.5, 0.9), "captured": START,
    }  # fmt: skip
    place: dict[str, Any] = {"camera": "porch", "zone": "doorstep", "captured": START}
    told: list[tuple[Event, str]] = [
        (
            ZoneLoitering(zone="doorstep", seconds=31, **facts),
            "person has been in doorstep (Front porch) for 31\u00a0s",
        ),
        (ZoneCrowded(count=5, **place), "doorstep (Front porch) is crowded: 5 in it"),
        (
            ZoneDispersed(count=1, seconds=12, **place),
            "doorstep (Front porch) is crowded no more after 12\u00a0s",
        ),
        (
            LineCrossed(line="gate", direction="in", speed=1.42, **facts),
            "person crossed gate inwards (Front porch) at 1.4\u00a0m/s",
        ),
        (
            LineCrossed(line="gate", direction="out", **facts),
            "person crossed gate outwards (Front porch)",
        ),
        (
            ObjectStationary(seconds=10, **facts),
            "person has stood still (Front porch) for 10\u00a0s",
        ),
        (ObjectMoved(seconds=600, **facts), "person moves on (Front porch) after 10\u00a0min"),
    ]

    async def story(site: Site, tab: Any) -> None:
        for event, words in told:
            site.hub.fire(event)
            await shows(tab, ".event .words", words)

    browse(story, before=online)


@pytest.mark.parametrize("type_", sorted(each.__name__ for each in get_args(VisionEvent)))
def test_no_event_of_vision_is_shown_as_a_row_of_fields(root: Path, type_: str) -> None:
    script = (root / "web" / "page" / "page.js").read_text()

    assert f'"{dotted(type_)}"' in script


def test_events_stand_newest_first_and_can_be_filtered() -> None:
    async def story(site: Site, tab: Any) -> None:
        site.hub.fire(entered(zone="path"))
        site.hub.fire(CameraOffline(camera="gate", reason="wrong password"))
        await shows(tab, ".event .words", "Gate is offline: wrong password")
        words = await tab.locator(".event .words").all_inner_texts()
        assert words == [
            "Gate is offline: wrong password",
            "person entered path (Front porch), 0.82",
            "person entered doorstep (Front porch), 0.82",
        ]
        await tab.select_option("#filter", "zone")
        assert await tab.locator(".event:visible").count() == 2

    browse(story, before=lambda hub: (online(hub), hub.fire(entered())))


def pictured(hub: TestHub, track: str = "porch-1") -> None:
    """Have a track appear in a review, and store its thumbnail."""
    folder = hub.paths.media / "tracks"
    folder.mkdir(exist_ok=True)
    path = folder / f"{track}.jpg"
    cv2.imwrite(str(path), np.full((64, 64, 3), 90, np.uint8))
    facts = {"camera": "porch", "captured": hub.clock.now()}
    seen = {"object": "person", "track": track, "score": 0.8, "box": Box(0, 0, 1, 1), **facts}
    review = {"review": "porch-r1", "severity": "alert", "started": hub.clock.now(), **facts}
    hub.fire(ObjectAppeared(**seen))
    hub.fire(ReviewStarted(**review, objects=("person",), tracks=(track,)))
    hub.fire(ObjectPictured(**seen, picture=str(path), annotated=str(path), thumbnail=str(path)))
    hub.fire(ReviewUpdated(**review, objects=("person",), tracks=(track,)))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_thumbnails_stand_beside_who_appeared_and_what_is_reviewed(
    viewport: dict[str, int],
) -> None:
    async def story(site: Site, tab: Any) -> None:
        pictured(site.hub, "porch-2")
        thumbs = tab.locator("#list .thumb:visible")
        await expect(thumbs, 4)
        assert await tab.locator("#list .event").count() == 4
        wide = await tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= viewport["width"]
        await shows(tab, "#list", "Alert: person")

    browse(story, viewport, before=pictured)


def test_a_thumbnail_that_was_let_go_leaves_no_broken_picture() -> None:
    async def story(site: Site, tab: Any) -> None:
        await shows(tab, "#list", "person appeared")
        tried = "[...document.querySelectorAll('#list .thumb')].every((i) => i.src && i.complete)"
        await tab.wait_for_function(tried)
        assert await tab.locator("#list .thumb:visible").count() == 0

    def gone(hub: TestHub) -> None:
        pictured(hub)
        (hub.paths.media / "tracks" / "porch-1.jpg").unlink()

    browse(story, before=gone)
