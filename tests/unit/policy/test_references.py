"""What facts may leave unsaid, and what they may not name."""

from datetime import date
from pathlib import Path

import pytest
from tests.support.facts_tables import Tables, write_folder

from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts

VILLAGE = "532323100200"


def world(**event: str) -> Tables:
    """A village where nobody is posted, and an event of the station."""
    happened = {"event_id": "e1", "kind": "session", "local_date": date(2026, 9, 1)}
    return {
        "villages": [{"village_code": VILLAGE, "name": "甲村"}],
        "staff": [],
        "postings": [],
        "events": [{**happened, **event}],
    }


def test_an_event_may_name_nobody_where_there_is_nobody(tmp_path: Path) -> None:
    write_folder(tmp_path, world(village_code=VILLAGE))
    with open_facts(tmp_path) as facts:
        assert facts.has("staff")


def test_an_event_may_not_name_someone_where_there_is_nobody(tmp_path: Path) -> None:
    write_folder(tmp_path, world(village_code=VILLAGE, staff_id="S1"))
    with pytest.raises(InputError, match="第2行，“staff_id”列"):
        open_facts(tmp_path)
