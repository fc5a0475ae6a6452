"""A phone gets the state of its person's own postings, and the rules that judge them (B1, B2)."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from tests.support.fieldwork_factories import COUNTY, V1, V2, call, visit
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, Row, World, give, lines_of, world

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.assessment.models import Programme
from cunjing.assessment.personal import states_key
from cunjing.assessment.queries import latest_run
from cunjing.assessment.rules import judging
from cunjing.base.clock import local_date, now, today
from cunjing.coverage.models import Posting
from cunjing.fieldwork.actions import correct_record, record_many, withdraw_record
from cunjing.fieldwork.models import WorkRecord
from cunjing.places.models import Division, TownshipAdjacency, Village
from cunjing.policy.periods import PeriodKind, period_at
from cunjing.staffing.models import Absence
from cunjing.sync import months, scopes

pytestmark = pytest.mark.django_db

MONTH_TYPES = {"standing", "rules"}


@pytest.fixture
def here() -> World:
    """The officer of two villages, in a county that runs Bozhou's programme since long ago."""
    made = world()
    set_programme(
        actor=system(), prefix=COUNTY, policy_id="bozhou-2014", valid_from=today() - timedelta(900)
    )
    return made


def months_of(phone: Phone) -> dict[tuple[str, str], Row]:
    """The rows of the month a phone holds, by village and type."""
    return {
        (village, kind): row
        for village, held in phone.scopes.items()
        for (kind, _), row in held.rows.items()
        if kind in MONTH_TYPES
    }


def state(phone: Phone, rule: str, *, village: str = V1) -> dict[str, Any]:
    """A rule's state in the running month."""
    return running(phone, village=village)["states"][rule]


def running(phone: Phone, *, village: str = V1, kind: PeriodKind = PeriodKind.MONTH) -> Row:
    """The running period of a kind."""
    wanted = period_at(kind, today()).text
    row = months_of(phone)[village, "standing"]
    return next(one for one in row["periods"] if one["period"] == wanted)


def record(here: World, *items: Any) -> list[WorkRecord]:
    """Have the officer record work of this very day."""
    done = record_many(actor=here.county.as_officer, items=items)
    return [one.record for one in done]


def visit_now(here: World, **changes: Any) -> Any:
    moment = now() - timedelta(minutes=5)
    details = {"left_at": moment + timedelta(minutes=2), "log": "巡村一圈"}
    return visit(here.county, occurred_at=moment, details=details, **changes)


def test_each_posting_comes_with_its_periods_and_its_rules(here: World) -> None:
    here.phone.pull()
    rows = months_of(here.phone)
    assert set(rows) == {(village, kind) for village in (V1, V2) for kind in MONTH_TYPES}
    standing = rows[V1, "standing"]
    posting = Posting.objects.get(village_id=V1, staff=here.county.officer)
    assert standing["id"] == standing["posting"] == str(posting.pk)
    assert standing["staff"] == str(here.county.officer.pk)
    kinds = [one["kind"] for one in standing["periods"]]
    assert {"month", "quarter"} == set(kinds)
    (table,) = rows[V1, "rules"]["tables"]
    assert {one["policy"] for one in standing["periods"]} == {table["digest"]}
    assert "visit-days" in {rule["id"] for rule in table["rules"]}
    assert state(here.phone, "visit-days") == {"n": 0, "days": {}}


def test_own_work_counts_and_stands_as_the_engine_credits_it(here: World) -> None:
    here.phone.pull()
    record(here, visit_now(here), call(here.county, occurred_at=now() - timedelta(minutes=4)))
    here.phone.pull()
    day = local_date(now() - timedelta(minutes=5)).isoformat()
    assert state(here.phone, "visit-days") == {"n": 1, "days": {day: 1}}
    house = str(here.county.households[0])
    assert state(here.phone, "household-visits") == {"n": 1, "objects": {house: 1}}
    assert state(here.phone, "visit-days", village=V2) == {"n": 0, "days": {}}


def test_what_was_taken_back_or_corrected_no_longer_counts(here: World) -> None:
    (made,) = record(here, visit_now(here))
    here.phone.pull()
    (second,) = [
        correct_record(
            actor=here.county.as_officer,
            record_id=made.pk,
            item=visit_now(here, village_code=V2),
            reason="村填错了",
        ).record
    ]
    here.phone.pull()
    assert state(here.phone, "visit-days")["n"] == 0
    assert state(here.phone, "visit-days", village=V2)["n"] == 1
    withdraw_record(actor=here.county.as_officer, record_id=second.pk, reason="没有去")
    here.phone.pull()
    assert state(here.phone, "visit-days", village=V2)["n"] == 0


def test_nobody_gets_another_persons_month(here: World) -> None:
    assert here.county.auxiliary.user is not None
    give(here.county.auxiliary.user, V1, role=Role.AUXILIARY)
    other = Phone(here.county.auxiliary.user)
    other.enrol()
    record(here, visit_now(here))
    here.phone.pull()
    other.pull()
    # Bozhou has no rule about auxiliaries, so nothing stands; and nothing of the officer's does.
    assert months_of(other) == {}
    assert str(here.county.officer.pk) not in str(
        [row for (kind, _), row in other.scopes[V1].rows.items() if kind in MONTH_TYPES]
    )
    assert other.scopes[V1].digest != here.phone.scopes[V1].digest


def test_whoever_pulls_first_the_state_is_made_anew(here: World) -> None:
    assert here.county.auxiliary.user is not None
    give(here.county.auxiliary.user, V1, role=Role.AUXILIARY)
    other = Phone(here.county.auxiliary.user)
    other.enrol()
    here.phone.pull()
    record(here, visit_now(here))
    other.pull()
    here.phone.pull()
    assert state(here.phone, "visit-days")["n"] == 1


def test_nothing_new_is_nothing_made(here: World) -> None:
    record(here, visit_now(here))
    here.phone.pull()
    with patch.object(scopes, "month_rows", side_effect=AssertionError):
        (closing,) = lines_of(here.phone.pull_once())
    assert closing["lines"] == 0


def test_a_state_made_anew_and_the_same_is_not_sent_again(here: World) -> None:
    here.phone.pull()
    with patch.object(scopes, "states_key", return_value="another"):
        (closing,) = lines_of(here.phone.pull_once())
    assert closing["lines"] == 0


def test_absence_and_confirmation_change_the_state(here: World) -> None:
    here.phone.pull()
    before = running(here.phone)["available"]
    Absence.objects.create(
        staff=here.county.officer, kind="leave",
        date_from=today(), date_to=today() + timedelta(days=1),
    )  # fmt: skip
    here.phone.pull()
    assert running(here.phone)["available"] == before - 1
    assert months_of(here.phone)[V1, "standing"]["synced_at"] is None
    here.phone.save("seen", {"at": now().isoformat()})
    here.phone.push()
    here.phone.pull()
    assert months_of(here.phone)[V1, "standing"]["synced_at"] is not None


def test_another_neighbour_or_township_asks_for_the_state_anew(here: World) -> None:
    def key() -> str:
        return states_key(staff_id=here.county.officer.pk, on=today())

    Programme.objects.update(policy_id="suzhou-2021")  # it asks for auxiliaries from near by
    own = Village.objects.get(pk=V1).township
    kind = {"level": own.level, "parent": own.parent, "name": "他乡"}
    one, two, third = (
        Division.objects.create(code=f"9901990{number}0", **kind) for number in (1, 2, 3)
    )
    before = key()
    TownshipAdjacency.objects.create(township=one, adjacent=two)
    assert key() == before
    TownshipAdjacency.objects.create(
        **dict(zip(("township", "adjacent"), sorted((own, third), key=lambda d: d.pk), strict=True))
    )
    near = key()
    assert near != before
    Village.objects.filter(pk=V1).update(township=one)
    assert key() not in {before, near}
    Programme.objects.update(policy_id="bozhou-2014")
    unasked = key()
    TownshipAdjacency.objects.all().delete()
    assert key() == unasked


def test_a_posting_that_left_every_period_goes(here: World) -> None:
    here.phone.pull()
    long_ago = today() - timedelta(days=500)
    Posting.objects.filter(village_id=V2).update(
        valid_from=long_ago, valid_to=long_ago + timedelta(days=1)
    )
    here.phone.pull()
    assert {village for village, _ in months_of(here.phone)} == {V1}


def test_the_next_period_comes_before_it_begins(here: World) -> None:
    """As long before as a phone may be without contact."""
    ends = period_at(PeriodKind.MONTH, today()).end
    for days, expected in ((4, False), (3, True)):
        moment = now() + (ends - timedelta(days=days) - today())
        with (
            patch.object(months, "now", return_value=moment),
            patch.object(scopes, "today", return_value=moment.date()),
        ):
            here.phone.pull()
        texts = {one["period"] for one in months_of(here.phone)[V1, "standing"]["periods"]}
        assert (period_at(PeriodKind.MONTH, ends).text in texts) is expected


def test_of_two_programmes_the_phone_and_the_pages_go_by_the_same(here: World) -> None:
    """Two people set one at the same time, for a county and for a township of it."""
    narrow = Programme.objects.create(
        prefix=V1[:9], policy_id="suzhou-2021", valid_from=today() - timedelta(800)
    )
    period = period_at(PeriodKind.MONTH, today()).text
    for scope in (COUNTY, narrow.prefix):
        run_assessment(actor=system(), scope=scope, period=period)
    shown = latest_run(actor=system(), period=period, village_code=V1)
    assert shown is not None
    assert shown.scope == narrow.prefix
    here.phone.pull()
    assert running(here.phone)["policy"] == shown.policy_digest
    newer = Programme(prefix=V1[:9], policy_id="bozhou-2014", valid_from=today() - timedelta(700))
    every = list(Programme.objects.all())
    assert judging([*every, newer], on=today()) is newer
    assert judging(every, on=today() - timedelta(900)) != narrow


def test_without_a_programme_there_is_no_month() -> None:
    made = world()
    made.phone.pull()
    assert months_of(made.phone) == {}
