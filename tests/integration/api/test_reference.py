"""docs/reference/api.md names every address of the API and none that does not exist."""

import json
import re
from pathlib import Path

from tests.support.api_factories import World

from cunjing.api.surface import api

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/api.md"
EXAMPLE = r'curl -H "[^"]+" "?http://127\.0\.0\.1:8000/api/v1([^"\s]+)'


def documented() -> set[str]:
    return {path.removeprefix("/api/v1") for path in api.get_openapi_schema()["paths"]}


def test_the_page_names_every_address_and_no_other() -> None:
    text = PAGE.read_text("utf-8")
    named = set(re.findall(r"`(?:[A-Z]+ )?(/[a-z][^`\s]*)`", text)) - {"/account/keys/", "/api/v1/"}
    assert named | {"/me"} == documented()


def test_the_addresses_of_the_examples_answer(world: World) -> None:
    commands = re.findall(EXAMPLE, PAGE.read_text("utf-8"))
    assert len(commands) >= 7
    for command in commands:
        path, _, query = command.partition("?")
        said = dict(part.split("=") for part in query.split("&")) if query else {}
        world.county.get(path, **said)


def test_the_example_of_an_entry_fits_its_schema(world: World) -> None:
    (example,) = re.findall(r"-d '(\{.*\})'", PAGE.read_text("utf-8"))
    answer = world.county.post("/entries", json.loads(example))
    assert {fault["field"] for fault in answer.json()["faults"]} == {"village_code", "staff_id"}
