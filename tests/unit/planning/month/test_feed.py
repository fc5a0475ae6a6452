"""The iCalendar of one person names villages and counts, and nobody."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from tests.support.month_plans import OTHER, QUICK, VILLAGE, need, officer, problem, service

from cunjing.planning.month.feed import officer_feed
from cunjing.planning.month.plan import plan_month

STAMP = datetime(2026, 9, 28, 8, tzinfo=UTC)
PLAN = plan_month(
    problem(
        need("H-SECRET", 10),
        officers=[officer("S-SECRET"), officer("S2")],
        services=[service("S-SECRET"), service("S2", OTHER)],
    ),
    QUICK,
)
NAMES = {VILLAGE: "山后村"}


def test_every_village_day_of_the_person_is_an_all_day_event() -> None:
    feed = Calendar.from_ical(
        officer_feed(PLAN, staff_id="S-SECRET", village_names=NAMES, stamp=STAMP)
    )
    starts = [event.decoded("dtstart") for event in feed.walk("VEVENT")]
    assert starts == [item.day for item in PLAN.days if item.staff_id == "S-SECRET"]
    assert all(type(start) is date for start in starts)


def test_the_feed_says_village_and_count_and_that_it_is_advice() -> None:
    feed = Calendar.from_ical(
        officer_feed(PLAN, staff_id="S-SECRET", village_names=NAMES, stamp=STAMP)
    )
    events = list(feed.walk("VEVENT"))
    assert sorted({str(event["summary"]) for event in events}) == [
        "进村：山后村",
        "进村：山后村（走访1户）",
    ]
    assert {str(event["description"]) for event in events} == {
        "本计划是建议，可以调整，不作为考核依据。"
    }


def test_the_feed_names_no_person_and_no_household() -> None:
    feed = officer_feed(PLAN, staff_id="S-SECRET", village_names=NAMES, stamp=STAMP)
    assert b"SECRET" not in feed


def test_the_same_plan_gives_the_same_bytes() -> None:
    one, other = (
        officer_feed((PLAN,), staff_id="S2", village_names=NAMES, stamp=STAMP) for _ in range(2)
    )
    assert one == other
    assert OTHER.encode() in one


def test_a_stamp_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        officer_feed(PLAN, staff_id="S2", village_names=NAMES, stamp=datetime(2026, 9, 28))  # noqa: DTZ001
