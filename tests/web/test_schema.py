"""The JSON Schema of the configuration over HTTP, with the names there are."""

import jsonschema

from tests.web.conftest import Site, serve


def test_editors_can_fetch_the_schema() -> None:
    async def story(site: Site) -> None:
        status, _, body = await site.get("/api/schema")
        assert status == 200
        jsonschema.Draft7Validator.check_schema(body)
        assert {"enum": sorted(site.hub.known.cameras)} in body["definitions"]["cameras"]["anyOf"]
        validator = jsonschema.Draft7Validator(body)
        assert validator.is_valid({"hub": {"name": "Home"}})
        assert not validator.is_valid({"hbu": {"name": "Home"}})

    serve(story)
