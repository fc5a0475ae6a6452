"""Bodies of mutations: which versions are read, how older ones are cast, what is filled in."""

from typing import Any

import pytest

from cunjing.base.errors import Problem
from cunjing.sync.bodies import (
    FORMS,
    CorrectionLine,
    read_body,
    upcast,
)

SAVED = "2026-09-10T12:00:00+08:00"


def record(**changes: Any) -> dict[str, Any]:
    """A record's body, as `POST /records` takes it."""
    return {
        "id": "01932c4e-8a02-7000-8000-0000000000ff", "kind": "information", "subkind": "fire",
        "village_code": "990201101201", "staff_id": "01932c4e-8a02-7000-8000-0000000000fe",
        "occurred_at": "2026-09-10T09:00:00+08:00",
        "details": {"place": "村口", "text": "草堆靠近电线"}, **changes,
    }  # fmt: skip


def test_an_older_body_is_cast_step_by_step() -> None:
    upcasters = {
        ("seen", 1): lambda body: {"at": body["until"]},
        ("seen", 3): lambda body: {**body, "all": True},
        ("matter", 1): lambda body: {},
    }
    done = upcast({"until": "x"}, type_name="seen", schema=1, newest=4, upcasters=upcasters)
    assert done == {"at": "x", "all": True}
    same = upcast({"at": "x"}, type_name="seen", schema=4, newest=4, upcasters=upcasters)
    assert same == {"at": "x"}


def test_what_says_no_time_was_recorded_when_the_device_saved_it() -> None:
    read = read_body(record(), type_name="work_record", saved_at=SAVED)
    assert read.model_dump(mode="json")["recorded_at"] == SAVED
    said = "2026-09-10T11:00:00+08:00"
    read = read_body(record(recorded_at=said), type_name="work_record", saved_at=SAVED)
    assert read.model_dump(mode="json")["recorded_at"] == said
    body = {"record_id": record()["id"], "record": record(), "reason": "写错了"}
    corrected = read_body(body, type_name="correction", saved_at=SAVED)
    assert isinstance(corrected, CorrectionLine)
    assert corrected.model_dump(mode="json")["record"]["recorded_at"] == SAVED


@pytest.mark.parametrize(
    ("type_name", "body", "field"),
    [
        ("work_record", record(kind="nothing"), "kind"),
        ("work_record", record(more=1), "more"),
        ("correction", {"record_id": "x", "record": record(), "reason": "r"}, "record_id"),
        ("correction", {"record_id": record()["id"], "record": 1, "reason": "r"}, "record"),
        ("withdrawal", {"record_id": record()["id"]}, "reason"),
        ("seen", {"at": "2026-09-10T12:00:00"}, "at"),
    ],
)
def test_a_wrong_field_is_named(type_name: str, body: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as refused:
        read_body(body, type_name=type_name, saved_at=SAVED)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_time_the_device_cannot_mean_is_a_fault_of_the_line() -> None:
    with pytest.raises(Problem) as refused:
        read_body(record(), type_name="work_record", saved_at="yesterday")
    assert [fault.field for fault in refused.value.faults] == ["recorded_at"]


def test_every_form_refuses_what_it_does_not_know() -> None:
    assert all(form.model_config.get("extra") == "forbid" for form in FORMS.values())
