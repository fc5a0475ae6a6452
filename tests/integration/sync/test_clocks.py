"""Where a phone's clock and the server's signed time do not agree about a record, one asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.sync_phone import World, entry, visit, world

from cunjing.base.clock import now
from cunjing.questions.models import Question
from cunjing.sync.models import Mutation
from cunjing.sync.queries import times_shown
from cunjing.sync.tasks import ask_about_clocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def asked() -> list[tuple[str, str, dict[str, Any]]]:
    """What is asked after a look: kind, record, facts."""
    ask_about_clocks.func()
    return [(one.kind, str(one.record_id), one.facts) for one in Question.objects.order_by("pk")]


def minutes_ago(minutes: int) -> str:
    return (now() - timedelta(minutes=minutes)).isoformat()


def test_a_visit_saved_days_before_the_time_the_phone_had_heard_is_asked_about_once(
    here: World,
) -> None:
    """The phone was set back, heard the server, and was set right later."""
    saved = datetime.fromisoformat(minutes_ago(6 * 24 * 60))
    body = entry(here)
    here.phone.save("visit_entry", body, saved_at=saved.isoformat())
    assert here.phone.results() == ["accepted"]
    ((kind, record, facts),) = asked()
    shown = Mutation.objects.get().anchor_at
    assert shown is not None
    # The visit, and not each call on it.
    assert (kind, record) == ("impossible_time", body["id"])
    assert facts["case"] == "behind"
    said = [datetime.fromisoformat(facts[name]) for name in ("saved", "shown")]
    assert said == [saved, shown]
    assert len(asked()) == 1


@pytest.mark.parametrize(("minutes", "questions"), [(5, 0), (55, 0), (70, 1)])
def test_a_clock_that_is_a_little_behind_is_not_asked_about(
    here: World, minutes: int, questions: int
) -> None:
    here.phone.save("work_record", visit(here), saved_at=minutes_ago(minutes))
    here.phone.push()
    assert len(asked()) == questions


def test_how_far_behind_a_clock_may_be_is_the_countys_to_say(here: World, settings: Any) -> None:
    settings.QUESTION_LIMITS = {**settings.QUESTION_LIMITS, "clock_minutes": 30}
    here.phone.save("work_record", visit(here), saved_at=minutes_ago(40))
    here.phone.push()
    assert len(asked()) == 1


def test_a_phone_that_heard_nothing_before_is_not_asked(here: World) -> None:
    """Days without a network are no fault, and no time that counts is no time."""
    here.phone.save("work_record", visit(here), anchor=None)
    other = {"n": 1, "at": now().isoformat(), "signature": "A" * 86}
    here.phone.save("work_record", visit(here), anchor=other)
    assert here.phone.results() == ["accepted", "accepted"]
    assert asked() == []


def test_a_correction_is_asked_about_and_not_the_record_it_took_the_place_of(here: World) -> None:
    wrong, right = visit(here), visit(here)
    here.phone.save("work_record", wrong, saved_at=minutes_ago(1), anchor=None)
    body = {"record_id": wrong["id"], "record": right, "reason": "写错了"}
    here.phone.save("correction", body)
    assert here.phone.results() == ["accepted", "accepted"]
    assert [record for _, record, _ in asked()] == [right["id"]]


def test_what_was_withdrawn_or_refused_or_came_long_ago_is_not_asked_about(here: World) -> None:
    here.phone.save("work_record", visit(here))
    first = visit(here)
    here.phone.save("work_record", first)
    here.phone.save("withdrawal", {"record_id": first["id"], "reason": "没有去"})
    here.phone.save("work_record", visit(here, village_code="999999999999"))
    assert here.phone.results() == ["accepted", "accepted", "accepted", "rejected"]
    Mutation.objects.filter(n=1).update(received_at=now() - timedelta(days=2))
    assert asked() == []


def test_an_old_record_that_is_withdrawn_by_a_phone_is_no_record_of_that_line(here: World) -> None:
    """Its line is newer than the record, and says nothing about when that was saved."""
    body = entry(here)
    here.phone.save("visit_entry", body, anchor=None)
    said = {"record_id": body["calls"][0]["id"], "reason": "门牌选错"}
    here.phone.save("withdrawal", said)
    assert here.phone.results() == ["accepted", "accepted"]
    assert asked() == []


def test_a_look_reads_what_came_since_and_not_the_lines_of_years(here: World) -> None:
    old, fresh = visit(here), visit(here)
    here.phone.save("work_record", old)
    here.phone.save("work_record", fresh)
    here.phone.push()
    Mutation.objects.filter(n=1).update(received_at=now() - timedelta(days=2))
    with CaptureQueriesContext(connection) as asked_of:
        shown = times_shown(since=now() - timedelta(hours=26))
    assert [str(key) for key in shown] == [fresh["id"]]
    back, forward = [plan_of(one["sql"]) for one in asked_of.captured_queries]
    # From the newest line back to the first that is too old, and from that one on.
    assert "Sort" not in back
    assert "B-TREE" not in back
    assert "PRIMARY KEY (rowid>?)" in forward or "sync_mutation_pkey" in forward


def plan_of(sql: str) -> str:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            # So few rows are read faster without an index.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{sql}")
        return "\n".join(str(row) for row in cursor.fetchall())
