"""A merged or abolished village leaves no posting behind it, and nothing half-done."""

from datetime import date, timedelta

import pytest
from tests.support.coverage_factories import post
from tests.support.places_factories import County, actor_with, found_policed_county
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.models import Posting
from cunjing.coverage.village_ends import decide
from cunjing.kernel.access import Actor
from cunjing.places.actions.edits import Decision, merge_villages, rename_village
from cunjing.places.models import Village
from cunjing.staffing.models import Staff

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


@pytest.fixture
def county() -> County:
    return found_policed_county()


@pytest.fixture
def bureau(county: County) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=county.code)


@pytest.fixture
def officer(county: County) -> Staff:
    return make_staff("A001", unit_code=county.code)


@pytest.fixture
def decision() -> Decision:
    return Decision(effective_on=today(), reason="示例合并")


def test_a_merger_ends_the_postings_of_the_merged_village_that_day(
    bureau: Actor, county: County, officer: Staff, decision: Decision
) -> None:
    gone, stays = county.villages[:2]
    ending = post(officer, gone, since=JANUARY)
    staying = post(officer, stays, since=JANUARY)
    decided = decide(
        actor=bureau,
        act=lambda: merge_villages(
            actor=bureau, predecessor_codes=[gone], successor_code=stays, decision=decision
        ),
    )
    assert [posting.pk for posting in decided.ended] == [ending.pk]
    ending.refresh_from_db()
    staying.refresh_from_db()
    assert ending.valid_to == decision.effective_on
    assert "示例合并" in ending.end_reason
    assert staying.valid_to is None


def test_somebody_yet_to_come_stops_the_merger(
    bureau: Actor, county: County, officer: Staff, decision: Decision
) -> None:
    gone, stays = county.villages[:2]
    coming = post(officer, gone, since=today() + timedelta(days=3))
    with pytest.raises(Problem, match="先改派") as refused:
        decide(
            actor=bureau,
            act=lambda: merge_villages(
                actor=bureau, predecessor_codes=[gone], successor_code=stays, decision=decision
            ),
        )
    assert refused.value.status == 409
    assert Village.objects.get(pk=gone).valid_to is None
    assert Posting.objects.get(pk=coming.pk).valid_to is None


def test_a_new_name_touches_no_posting(
    bureau: Actor, county: County, officer: Staff, decision: Decision
) -> None:
    village = county.villages[0]
    posting = post(officer, village, since=JANUARY)
    decided = decide(
        actor=bureau,
        act=lambda: rename_village(
            actor=bureau, village_code=village, name="示例新村", decision=decision
        ),
    )
    assert decided.ended == ()
    posting.refresh_from_db()
    assert posting.valid_to is None
