"""The fields of each kind: what is accepted, and what each refusal says."""

import re
from datetime import UTC, datetime

import pytest

from cunjing.fieldwork.details import (
    QUESTIONS,
    SCHEMAS,
    SUBKINDS,
    Audience,
    DetailsRefused,
    HouseholdVisit,
    free_text,
    left_at,
    read_details,
)
from cunjing.fieldwork.models import RecordKind

MOMENT = datetime(2026, 9, 10, 4, tzinfo=UTC)
VISIT = {"left_at": MOMENT, "log": "巡村"}
SESSION = {"topic": "防诈骗", "audience": ["out_of_school_youths"], "audience_count": 20}
ASKED: dict[str, object] = {question: {} for question in QUESTIONS}


def faults(kind: RecordKind, raw: dict[str, object]) -> dict[str, str]:
    with pytest.raises(DetailsRefused) as caught:
        read_details(kind=kind, raw=raw)
    return {fault.field: fault.message for fault in caught.value.faults}


def test_every_kind_has_a_schema_and_says_whether_it_has_subkinds() -> None:
    assert set(SCHEMAS) == set(SUBKINDS) == set(RecordKind)


def test_the_six_questions_are_asked() -> None:
    assert set(HouseholdVisit.model_fields) == set(QUESTIONS)
    assert len(QUESTIONS) == 6
    assert set(faults(RecordKind.HOUSEHOLD_VISIT, {})) == set(QUESTIONS)


def test_nothing_found_is_an_answer() -> None:
    details = read_details(kind=RecordKind.HOUSEHOLD_VISIT, raw=ASKED).model_dump(mode="json")
    assert details["security"] == {"chips": [], "text": ""}


def test_out_of_school_youths_can_be_among_the_audience() -> None:
    assert Audience.OUT_OF_SCHOOL_YOUTHS in Audience
    details = read_details(kind=RecordKind.SESSION, raw=SESSION).model_dump(mode="json")
    assert details["audience"] == ["out_of_school_youths"]


def test_a_moment_may_come_as_python_or_as_json() -> None:
    for moment in (MOMENT, MOMENT.isoformat()):
        details = read_details(kind=RecordKind.VILLAGE_VISIT, raw={**VISIT, "left_at": moment})
        assert left_at(details.model_dump(mode="json")) == MOMENT


@pytest.mark.parametrize(
    ("kind", "raw", "field", "said"),
    [
        (RecordKind.VILLAGE_VISIT, {}, "left_at", "请填写"),
        (RecordKind.VILLAGE_VISIT, {"left_at": "2026-09-10T12:00:00"}, "left_at", "时区"),
        (RecordKind.VILLAGE_VISIT, {"left_at": "昨天"}, "left_at", "时区"),
        (RecordKind.VILLAGE_VISIT, {**VISIT, "mood": "好"}, "mood", "没有这一栏"),
        (RecordKind.VILLAGE_VISIT, {**VISIT, "log": "长" * 2001}, "log", "最多 2000 个字"),
        (RecordKind.VILLAGE_VISIT, {**VISIT, "log": 5}, "log", "应为文字"),
        (RecordKind.VILLAGE_VISIT, {**VISIT, "log": "找 13800138000"}, "log", "不记个人信息"),
        (RecordKind.INFORMATION, {"place": " ", "text": "x"}, "place", "请填写"),
        (RecordKind.INFORMATION, {"place": "桥", "text": "x", "person": "某"}, "person", "没有这"),
        (RecordKind.SESSION, {**SESSION, "audience": []}, "audience", "至少选择一项"),
        (RecordKind.SESSION, {**SESSION, "audience": ["x"]}, "audience.0", "不在可选项之内"),
        (RecordKind.SESSION, {**SESSION, "audience": "村民"}, "audience", "应为列表"),
        (RecordKind.SESSION, {**SESSION, "audience_count": 0}, "audience_count", "不小于 1"),
        (RecordKind.SESSION, {**SESSION, "audience_count": 10000}, "audience_count", "不大于 9999"),
        (RecordKind.SESSION, {**SESSION, "audience_count": "20"}, "audience_count", "应为整数"),
        (RecordKind.SESSION, {**SESSION, "audience_count": 1.5}, "audience_count", "整数"),
        (
            RecordKind.HOUSEHOLD_VISIT,
            {**ASKED, "help": {"chips": ["papers", "papers"]}},
            "help.chips",
            "重复",
        ),
        (RecordKind.HOUSEHOLD_VISIT, {**ASKED, "help": 3}, "help", "一组栏目"),
        (RecordKind.HOUSEHOLD_VISIT, {**ASKED, "faith": {}}, "faith", "没有这一栏"),
    ],
)
def test_refusals_name_the_field_and_say_what_to_do(
    kind: RecordKind, raw: dict[str, object], field: str, said: str
) -> None:
    assert said in faults(kind, raw)[field]


@pytest.mark.parametrize("text", ["\ud800", float("nan"), datetime(2026, 9, 10)])  # noqa: DTZ001
def test_what_cannot_be_written_as_json_is_refused(text: object) -> None:
    assert "读不出来" in faults(RecordKind.INFORMATION, {"place": text, "text": "x"})["details"]


def test_no_message_is_left_in_english() -> None:
    for kind in RecordKind:
        for raw in ({}, {"left_at": [], "log": {}, "x": 1}, {"text": None, "published": {}}):
            for message in faults(kind, raw).values():
                assert not re.search("[a-z]{4,}", message), message


def test_free_text_is_what_people_wrote() -> None:
    answers = {**ASKED, "topics": {"chips": ["school"], "text": "校车"}}
    stored = read_details(kind=RecordKind.HOUSEHOLD_VISIT, raw=answers).model_dump(mode="json")
    assert free_text(stored) == "校车"
    assert free_text({"place": "桥头", "text": "护栏松动"}) == "桥头\n护栏松动"
