"""Before a push opens its transaction, its creations are looked at as far as that is possible."""

from typing import Any

import pytest
from tests.unit.sync.test_bodies import SAVED, record

from cunjing.sync.acts import Ready, made_ready, weight
from cunjing.sync.bodies import read_body


def ready(type_name: str, body: dict[str, Any]) -> Any:
    return made_ready(read_body(body, type_name=type_name, saved_at=SAVED))


def test_a_record_is_read_and_weighs_what_it_weighed() -> None:
    made = ready("work_record", record())
    assert isinstance(made, Ready)
    (item,) = made.reading.read
    assert (item.item, item.details["place"]) == (made.works[0], "村口")
    assert made.matters == []
    assert weight(made) == weight(made.body) == 1


def test_a_matter_has_no_work_to_read() -> None:
    body = {
        "id": record()["id"], "kind": "hazard", "subkind": "lamp", "village_code": "990201101201",
        "staff_id": record()["staff_id"], "place": "桥头", "summary": "路灯不亮",
        "opened_at": "2026-09-10T09:00:00+08:00",
    }  # fmt: skip
    made = ready("matter", body)
    assert isinstance(made, Ready)
    assert (len(made.matters), made.works, made.reading.read) == (1, [], [])


@pytest.mark.parametrize(
    ("type_name", "body"),
    [
        # What is wrong with it is told after the rights are looked at.
        ("work_record", record(details={"place": "村口"})),
        ("withdrawal", {"record_id": record()["id"], "reason": "写错了"}),
        ("correction", {"record_id": record()["id"], "record": record(), "reason": "写错了"}),
    ],
)
def test_what_is_faulty_or_makes_nothing_is_left_as_it_is(
    type_name: str, body: dict[str, Any]
) -> None:
    assert not isinstance(ready(type_name, body), Ready)
