"""A mended visit that the station enters by hand: nobody is asked about the one before any more."""

from typing import Any

import pytest
from tests.support.fieldwork_factories import V2
from tests.support.mended_visits import (
    APPLIED,
    DISMISSED,
    ENTERED,
    REPLACED,
    decide,
    id_of,
    last_answer,
    refused,
    save_mended,
    visits,
    waiting,
)
from tests.support.places_factories import system
from tests.support.sync_phone import World, entry

from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import Decision, DecisionOutcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return refused()


@pytest.mark.parametrize(
    "wrong", [{}, {"log": 7}], ids=["refused by a rule", "with a body that cannot be read"]
)
def test_a_mended_visit_entered_by_hand_settles_the_line_before(
    here: World, wrong: dict[str, Any]
) -> None:
    first = id_of(here.phone, 1)
    save_mended(here, first, **{"left_at": "2026-09-10T09:00:00+08:00", **wrong})
    assert last_answer(here.phone, n=2)["result"] == "rejected"
    decide(here, ENTERED, n=2)
    assert (visits(), waiting(here)) == (set(), [])
    decisions = Decision.objects.order_by("mutation__n").values_list("outcome", "rows")
    assert list(decisions) == [(REPLACED, []), (ENTERED, [])]
    with pytest.raises(Problem, match="本人已经改好重新报上来"):
        decide(here, APPLIED)
    # Mended from the same line once more, it is there as well.
    save_mended(here, first)
    assert last_answer(here.phone, n=3)["result"] == "rejected"
    assert visits() == set()


def test_a_mended_visit_is_entered_by_hand_though_the_line_before_was_taken(here: World) -> None:
    save_mended(here, id_of(here.phone, 1), left_at="2026-09-10T09:00:00+08:00")
    here.phone.push(first=2)
    decide(here, APPLIED)
    decide(here, ENTERED, n=2)
    outcomes = Decision.objects.order_by("mutation__n").values_list("outcome", flat=True)
    assert (list(outcomes), waiting(here)) == ([APPLIED, ENTERED], [])


def test_one_not_taken_leaves_the_line_before_to_be_decided(here: World) -> None:
    save_mended(here, id_of(here.phone, 1), left_at="2026-09-10T09:00:00+08:00")
    here.phone.push(first=2)
    decide(here, DISMISSED, n=2)
    assert waiting(here) == [1]


@pytest.mark.parametrize("outcome", [APPLIED, ENTERED])
def test_a_line_that_names_itself_is_decided_as_any_other(
    here: World, outcome: DecisionOutcome
) -> None:
    key = str(new_id())
    said = entry(here, village_code=V2, calls=[]) | {"replaces": [key]}
    here.phone.save("visit_entry", said, id=key, schema=2)
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    here.phone.hand_over(first=2)
    decide(here, outcome, n=2)
    assert waiting(here) == [1]
