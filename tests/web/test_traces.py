"""Why automations ran or did not, over HTTP and on the page."""

from datetime import timedelta
from typing import Any

import pytest

from hub.api import Finding, Trace
from hub.testing import START, TestHub
from tests.web.browsing import CHROMIUM, browse
from tests.web.conftest import Site, serve

MISS = Finding(place="conditions 1", words="light.hall is 'off', not 'on'", result=False)


def run(number: int, automation: str = "automation.hall") -> Trace:
    when = START + timedelta(seconds=number)
    return Trace(
        id=f"r{number}", kind="run", automation=automation, name="Hall", time=when,
        trigger="event go", result="finished", seconds=0.1,
    )  # fmt: skip


def miss() -> Trace:
    return Trace(
        id="m1", kind="miss", automation="automation.hall", name="Hall", time=START,
        trigger="event go", conditions=MISS, result="missed", count=3, last=START,
    )  # fmt: skip


async def put(hub: TestHub, *traces: Trace) -> None:
    await hub.context().traces.write(traces, ())


def test_traces_are_listed_the_newest_first() -> None:
    async def story(site: Site) -> None:
        await put(site.hub, run(1), run(2, "automation.other"), miss())
        status, headers, body = await site.get("/api/traces")
        assert status == 200
        assert headers["Cache-Control"] == "no-store, private"
        assert [each["id"] for each in body["traces"]] == ["r2", "r1", "m1"]
        _, _, body = await site.get("/api/traces?automation=automation.hall&limit=1")
        assert [each["id"] for each in body["traces"]] == ["r1"]
        _, _, body = await site.get("/api/traces?kind=miss")
        assert body["traces"][0]["conditions"] == {
            "place": "conditions 1", "words": "light.hall is 'off', not 'on'", "result": False,
        }  # fmt: skip

    serve(story)


def test_one_trace_is_sent_as_a_whole() -> None:
    async def story(site: Site) -> None:
        await put(site.hub, run(1))
        status, _, body = await site.get("/api/traces/r1")
        assert (status, body["result"], body["seconds"]) == (200, "finished", 0.1)
        status, _, body = await site.get("/api/traces/gone")
        assert (status, body["error"]) == (404, "there is no trace of this id any more")

    serve(story)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "kind=other"])
def test_wrong_questions_are_refused(query: str) -> None:
    async def story(site: Site) -> None:
        status, _, body = await site.get(f"/api/traces?{query}")
        assert status == 422
        assert " is " in body["error"]

    serve(story)


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_the_page_tells_why_when_asked() -> None:
    def before(hub: TestHub) -> None:
        hub.states.set("automation.hall", "on", {"friendly_name": "Hall"})
        hub.states.set("automation.never", "on", {"friendly_name": "Never"})

    async def story(site: Site, tab: Any) -> None:
        await put(site.hub, run(1), miss())
        hall, never = await tab.locator(".automation").all()
        assert not await hall.locator("li").count()
        await hall.locator("summary").click()
        await hall.locator("li").first.wait_for()
        lines = await hall.locator("li").all_inner_texts()
        assert "finished" in lines[0]
        assert "because of event go" in lines[0]
        assert "did not run, 3 times" in lines[1]
        assert "event go, but light.hall is 'off', not 'on'" in lines[1]
        await never.locator("summary").click()
        await never.get_by_text("None of its triggers has matched yet.").wait_for()

        await put(site.hub, run(2))
        site.hub.states.set("automation.hall", "on", {"friendly_name": "Hall", "runs": 2})
        await hall.locator("li").nth(2).wait_for()

    browse(story, before=before)
