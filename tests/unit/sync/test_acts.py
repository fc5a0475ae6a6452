"""Before a push opens its transaction, its creations are looked at as far as that is possible."""

from typing import Any

import pytest
from tests.unit.sync.test_bodies import SAVED, record

from cunjing.sync.acts import Ready, made_ready, weight
from cunjing.sync.bodies import read_body

PART, OTHER = (f"01932c4e-8a02-7000-8000-0000000000{end}" for end in ("aa", "bb"))


def ready(type_name: str, body: dict[str, Any]) -> Any:
    return made_ready(read_body(body, type_name=type_name, saved_at=SAVED))


def test_a_record_is_read_and_weighs_what_it_weighed() -> None:
    made = ready("work_record", record())
    assert isinstance(made, Ready)
    (item,) = made.reading.read
    assert (item.item, item.details["place"]) == (made.works[0], "村口")
    assert made.matters == []
    assert weight(made) == 1


def test_a_visit_is_read_with_its_parts_and_weighs_all_of_them() -> None:
    said = record()
    body = {
        "id": said["id"], "village_code": said["village_code"], "staff_id": said["staff_id"],
        "arrived_at": "2026-09-10T09:00:00+08:00", "left_at": "2026-09-10T11:00:00+08:00",
        "log": "看了水渠",
        "information": [{"id": PART, "subkind": "fire", "place": "村口", "text": "草堆靠近电线"}],
        "matters": [
            {"id": OTHER, "kind": "hazard", "subkind": "lamp", "place": "桥头",
             "summary": "路灯不亮"}
        ],
    }  # fmt: skip
    made = ready("visit_entry", body)
    assert isinstance(made, Ready)
    assert [str(one.item.id) for one in made.reading.read] == [said["id"], PART]
    assert [str(one.id) for one in made.matters] == [OTHER]
    assert weight(made) == len(made.works) + len(made.matters)


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
