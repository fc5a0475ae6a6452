"""What raises a question, and what does not (D9)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cunjing.base.clock import SHANGHAI
from cunjing.questions.models import QuestionKind
from cunjing.questions.rules import (
    Doubt,
    Limits,
    Saved,
    Shot,
    Stay,
    behind,
    distance_km,
    doubts,
    letters,
    reused,
    similarity,
)

LIMITS = Limits(
    speed_kmh=60, similarity_percent=80, text_length=6, batch_records=3, batch_seconds=60,
    batch_days=3, clock_minutes=60,
)  # fmt: skip
# A tenth of a degree of latitude is 11.1 km.
HERE, THERE = (101.5, 25.0), (101.5, 25.1)


def at(hour: int, minute: int = 0, *, day: int = 10) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


def stay(number: int, begins: datetime, ends: datetime, **changes: Any) -> Stay:
    """A visit of village A, recorded and received when it ended."""
    said: dict[str, Any] = {
        "record_id": UUID(int=number),
        "village_code": "A",
        "day": begins.date(),
        "begins": begins,
        "ends": ends,
        "recorded_at": ends,
        "received_at": ends,
        "text": "",
        "posted": True,
    }
    return Stay(**said | changes)


def seen(*stays: Stay) -> list[tuple[str, int, int | None, dict[str, object]]]:
    found = doubts(stays, limits=LIMITS)
    return [
        (one.kind.value, one.record_id.int, one.other_id.int if one.other_id else None, one.facts)
        for one in found
    ]


def test_an_ordinary_month_raises_nothing() -> None:
    log = "走访了河东组，讲了防火和防骗"
    assert (
        seen(
            stay(1, at(9), at(11), text=log, place=HERE),
            stay(2, at(13), at(15), village_code="B", text="排查桥头护栏的隐患", place=THERE),
            stay(3, at(9, day=11), at(11, day=11), text="参加了村里的会"),
        )
        == []
    )


def test_two_places_at_once() -> None:
    first, second = stay(1, at(9), at(11)), stay(2, at(10), at(12), village_code="B")
    assert seen(first, second) == [("impossible_time", 2, 1, {"case": "two_places"})]
    # Who arrived later is asked, whatever began first.
    late = stay(1, at(9), at(11), received_at=at(20))
    assert seen(late, second) == [("impossible_time", 1, 2, {"case": "two_places"})]


@pytest.mark.parametrize(
    ("begins", "village"), [(at(11), "B"), (at(10), "A")], ids=["one ends", "same village"]
)
def test_no_two_places_at_once(begins: datetime, village: str) -> None:
    assert seen(stay(1, at(9), at(11)), stay(2, begins, at(12), village_code=village)) == []


@pytest.mark.parametrize(("minute", "asked"), [(11, True), (12, False)])
def test_faster_than_anybody_travels(minute: int, asked: bool) -> None:
    """11.1 km at 60 km/h take 11.1 minutes."""
    before = stay(1, at(9), at(10), place=HERE)
    after = stay(2, at(10, minute), at(11), village_code="B", place=THERE)
    facts = {"case": "travel", "km": 11, "minutes": minute}
    assert seen(before, after) == ([("impossible_time", 2, 1, facts)] if asked else [])


def test_a_place_nobody_knows_says_nothing_about_speed() -> None:
    before = stay(1, at(9), at(10), place=HERE)
    assert seen(before, stay(2, at(10, 1), at(11), village_code="B")) == []


def test_outside_the_posting_and_ahead_of_its_arrival() -> None:
    assert seen(stay(1, at(9), at(10), posted=False)) == [
        ("impossible_time", 1, None, {"case": "not_posted"})
    ]
    assert seen(stay(1, at(9), at(10), received_at=at(8))) == [
        ("impossible_time", 1, None, {"case": "ahead"})
    ]


def test_a_copied_log() -> None:
    log = "9月10日走访河东组五户，宣传防骗知识"
    again = "9月11日走访河东组6户，宣传防骗知识。"
    first = stay(1, at(9), at(10), text=log)
    second = stay(2, at(9, day=11), at(10, day=11), text=again)
    ((kind, number, other, facts),) = seen(second, first)
    assert (kind, number, other) == ("copied_text", 2, 1)
    assert int(str(facts["percent"])) >= 80


def test_short_logs_are_not_compared() -> None:
    short = [stay(n, at(9, day=n), at(10, day=n), text="巡村") for n in (1, 2)]
    assert seen(*short) == []


@pytest.mark.parametrize(
    ("seconds", "days", "asked"), [(30, 3, True), (31, 3, False), (30, 2, False)]
)
def test_a_batch_long_after(seconds: int, days: int, asked: bool) -> None:
    saved = at(20, day=20)
    stays = [
        stay(
            n,
            at(9 + n, day=20 - days),
            at(9 + n, 30, day=20 - days),
            recorded_at=saved + timedelta(seconds=seconds * (n - 1)),
            received_at=saved + timedelta(hours=1),
        )
        for n in (1, 2, 3)
    ]
    facts = {"count": 3, "seconds": 60, "days": 3}
    assert seen(*stays) == ([("batch_entry", 1, None, facts)] if asked else [])


def test_a_batch_is_asked_about_once_and_the_next_one_again() -> None:
    stays = [
        stay(
            n, at(1 + n, day=1), at(1 + n, 30, day=1), received_at=at(23, day=20),
            recorded_at=at(20, 0 if n < 4 else 30, day=20),
        )
        for n in range(1, 7)
    ]  # fmt: skip
    assert [number for _, number, _, _ in seen(*stays)] == [1, 4]


def test_the_same_photo_at_another_record() -> None:
    one, two = UUID(int=1), UUID(int=2)
    photos = [
        Shot(two, "a", at(12)), Shot(one, "a", at(9)), Shot(one, "a", at(10)),
        Shot(two, "b", at(9)),
    ]  # fmt: skip
    assert reused(photos) == [Doubt(QuestionKind.REUSED_PHOTO, two, one)]


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [(at(9), True), (at(10, 59), True), (at(11), False), (at(12), False), (at(20), False)],
    ids=["hours", "just more", "allowed", "none", "later"],
)
def test_saved_before_a_time_the_phone_had_heard(recorded: datetime, asked: bool) -> None:
    shown, key = at(12), UUID(int=1)
    facts = {"case": "behind", "saved": recorded.isoformat(), "shown": shown.isoformat()}
    doubt = Doubt(QuestionKind.IMPOSSIBLE_TIME, key, facts=facts)
    assert behind([Saved(key, recorded, shown)], limits=LIMITS) == ([doubt] if asked else [])


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("走访河东组", "走访河东组", 100),
        ("走访河东组", "走访 2 河东组！", 100),
        ("走访", "巡逻", 0),
    ],
)
def test_likeness(one: str, other: str, percent: int) -> None:
    assert similarity(one, other) == percent
    assert similarity(other, one) == percent


def test_no_text_is_like_no_text() -> None:
    assert similarity("", "1234") == 0
    assert letters("9月10日，走访3户。") == "月日走访户"


def test_a_degree_of_latitude() -> None:
    assert round(distance_km((101.5, 25.0), (101.5, 26.0))) == 111
