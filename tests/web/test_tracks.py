"""Tracks, reviews and their pictures over HTTP; and nothing else over it."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.api import Box, ObjectAppeared, ObjectLeft, ObjectPictured, ReviewEnded, ReviewStarted
from tests.web.conftest import Site, serve

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
BOX = Box(0.1, 0.1, 0.2, 0.4)
JPEG = b"\xff\xd8 a picture"


def see(
    site: Site, track: str = "porch-1", camera: str = "porch", score: float = 0.6
) -> dict[str, object]:
    facts = {"camera": camera, "object": "person", "track": track, "box": BOX, "score": score}
    site.hub.fire(ObjectAppeared(**facts, captured=WHEN))
    return facts


def picture(site: Site, facts: dict[str, object], folder: Path | None = None) -> Path:
    folder = folder or site.hub.paths.media / "tracks"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{facts['track']}{suffix}.jpg" for suffix in ("", "-box", "-thumb")]
    for each in paths:
        each.write_bytes(JPEG + each.stem.encode())
    pictured = dict(zip(("picture", "annotated", "thumbnail"), map(str, paths), strict=True))
    site.hub.fire(ObjectPictured(**facts, captured=WHEN, **pictured))
    return folder


def test_tracks_are_listed_with_addresses_of_their_pictures() -> None:
    async def story(site: Site) -> None:
        facts = see(site)
        see(site, "gate-1", "gate")
        picture(site, facts)
        site.hub.fire(ObjectLeft(**facts, captured=WHEN, seconds=3))
        status, _, body = await site.get("/api/tracks")
        assert status == 200
        assert [each["id"] for each in body["tracks"]] == ["gate-1", "porch-1"]
        assert body["tracks"][0]["pictures"] == {}
        assert body["tracks"][1] == {
            "id": "porch-1",
            "camera": "porch",
            "object": "person",
            "score": 0.6,
            "started": "2026-01-01T00:00:00Z",
            "ended": "2026-01-01T00:00:00Z",
            "zones": [],
            "attributes": {},
            "pictures": {
                "picture": "/api/tracks/porch-1/picture.jpg",
                "box": "/api/tracks/porch-1/box.jpg",
                "thumbnail": "/api/tracks/porch-1/thumbnail.jpg",
            },
        }
        for name, suffix in (("picture", ""), ("box", "-box"), ("thumbnail", "-thumb")):
            path = body["tracks"][1]["pictures"][name]
            status, headers, content = await site.get(path)
            assert (status, headers["Content-Type"]) == (200, "image/jpeg")
            assert headers["Cache-Control"] == "no-store, private"
            assert content == JPEG + f"porch-1{suffix}".encode()

    serve(story)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?camera=porch", ["c", "a"]),
        ("?limit=1", ["c"]),
        ("?object=person&camera=gate", ["b"]),
        ("?object=dog", []),
    ],
)
def test_tracks_may_be_of_one_camera_or_object(query: str, ids: list[str]) -> None:
    async def story(site: Site) -> None:
        see(site, "a")
        see(site, "b", "gate")
        see(site, "c")
        _, _, body = await site.get(f"/api/tracks{query}")
        assert [each["id"] for each in body["tracks"]] == ids

    serve(story)


@pytest.mark.parametrize("kind", ["tracks", "reviews"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?limit=0", 422),
        ("?limit=501", 422),
        ("?limit=-1", 422),
        ("?limit=ten", 422),
        ("?limit=%D9%A1", 422),
        ("?camera=nowhere", 404),
        ("?camera=../porch", 404),
    ],
)
def test_what_cannot_be_asked_is_refused(kind: str, query: str, status: int) -> None:
    async def story(site: Site) -> None:
        got, _, body = await site.get(f"/api/{kind}{query}")
        assert got == status
        assert set(body) == {"error"}

    serve(story)


def test_reviews_come_with_the_best_picture_of_their_tracks() -> None:
    async def story(site: Site) -> None:
        for name, score in (("porch-1", 0.5), ("porch-2", 0.9), ("porch-3", 0.95)):
            facts = see(site, name, score=score)
            if name != "porch-3":
                picture(site, facts)
        facts = {
            "camera": "porch", "review": "porch-r1", "severity": "alert", "captured": WHEN,
            "started": WHEN, "objects": ("person",), "tracks": ("porch-1", "porch-2", "porch-3"),
        }  # fmt: skip
        site.hub.fire(ReviewStarted(**facts))
        site.hub.fire(ReviewEnded(**facts, ended=WHEN))
        site.hub.fire(ReviewStarted(**{**facts, "review": "porch-r2", "severity": "detection"}))
        _, _, body = await site.get("/api/reviews?camera=porch&severity=alert")
        (item,) = body["reviews"]
        assert item["id"] == "porch-r1"
        assert item["ended"] == "2026-01-01T00:00:00Z"
        assert item["pictures"]["thumbnail"] == "/api/tracks/porch-2/thumbnail.jpg"
        assert [each["id"] for each in (await site.get("/api/reviews"))[2]["reviews"]] == [
            "porch-r2",
            "porch-r1",
        ]
        assert (await site.get("/api/reviews?severity=bad"))[0] == 422

    serve(story)


@pytest.mark.parametrize(
    "path",
    [
        "/api/tracks/porch-9/picture.jpg",
        "/api/tracks/porch-1/porch-1.jpg",
        "/api/tracks/porch-1/__class__",
        "/api/tracks/porch-1/picture",
        "/api/tracks/..%2f..%2fetc/picture.jpg",
        "/api/tracks/porch-1/..%2f..%2f..%2fetc%2fpasswd",
        "/api/tracks/%00/picture.jpg",
        "/api/tracks/porch-1/picture.jpg%00",
        "/api/tracks//etc/passwd",
    ],
)
def test_s04_only_known_tracks_have_pictures(path: str) -> None:
    async def story(site: Site) -> None:
        picture(site, see(site))
        assert (await site.get(path))[0] == 404

    serve(story)


def _link(file: Path, outside: Path) -> None:
    file.unlink()
    file.symlink_to(outside)


def _inner_link(file: Path, outside: Path) -> None:
    real = file.with_name("real.jpg")
    file.rename(real)
    file.symlink_to(real)


def _folder(file: Path, outside: Path) -> None:
    file.unlink()
    file.mkdir()


def _pipe(file: Path, outside: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _large(file: Path, outside: Path) -> None:
    with file.open("wb") as made:
        made.truncate(9 * 1024 * 1024)


def _gone(file: Path, outside: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("spoil", [_link, _inner_link, _folder, _pipe, _large, _gone])
def test_s05_what_is_no_plain_file_below_the_media_folder_is_not_sent(
    spoil: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside = tmp_path / "secret.jpg"
    outside.write_bytes(b"secret")

    async def story(site: Site) -> None:
        folder = picture(site, see(site))
        spoil(folder / "porch-1.jpg", outside)
        assert (await site.get("/api/tracks/porch-1/picture.jpg"))[0] == 404
        assert (await site.get("/api/tracks/porch-1/box.jpg"))[0] == 200

    serve(story)


def test_s05_a_path_outside_of_the_media_folder_is_not_sent(tmp_path: Path) -> None:
    async def story(site: Site) -> None:
        picture(site, see(site), tmp_path)
        assert (await site.get("/api/tracks/porch-1/picture.jpg"))[0] == 404
        inside = site.hub.paths.media / "tracks"
        inside.symlink_to(tmp_path)
        picture(site, see(site, "porch-2"), inside)
        assert (await site.get("/api/tracks/porch-2/picture.jpg"))[0] == 404

    serve(story)
