"""Which rules of the five programmes have their records kept here."""

from dataclasses import replace

import pytest

from cunjing.assessment.collecting import is_collected, not_collected, without
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import EventMeasure
from cunjing.policy.periods import parse_period


@pytest.mark.parametrize(
    ("policy_id", "judged"),
    [
        (
            "bozhou-2014",
            "coverage household-visits information-items legal-education safety-warning visit-days",
        ),
        ("huangchuan-2021", "coverage-officer"),
        ("jilin-2019", "auxiliary-local coverage-auxiliary"),
        ("mouding-2020", "assistant-trained coverage-assistant coverage-officer sweep"),
        (
            "suzhou-2021",
            "auxiliary-log auxiliary-near-township auxiliary-not-own-village auxiliary-rotation "
            "coverage-auxiliary coverage-officer visit-days visit-log visit-spread",
        ),
    ],
)
def test_only_what_can_be_entered_is_judged(policy_id: str, judged: str) -> None:
    rules = load_policy(policy_id).rules
    assert sorted(rule.id for rule in rules if is_collected(rule)) == judged.split()


def test_every_policy_shipped_is_named_above() -> None:
    assert len(shipped_policies()) == 5


def test_a_subkind_no_form_offers_is_not_collected() -> None:
    sweep = load_policy("mouding-2020").rule("sweep")
    assert is_collected(sweep)
    assert isinstance(sweep.measure, EventMeasure)
    event = replace(sweep.measure.event, subkinds=("parade",))
    assert not is_collected(replace(sweep, measure=replace(sweep.measure, event=event)))


def test_what_is_left_out_is_of_the_period_and_the_policy_stays_the_same_document() -> None:
    policy = load_policy("mouding-2020")
    left = not_collected(policy, period=parse_period("2026-09"))
    assert left == ["fraud-bulletin", "mutual-aid-size"]
    narrowed = without(policy, left)
    assert narrowed.digest == policy.digest
    assert {rule.id for rule in policy.rules} - {rule.id for rule in narrowed.rules} == set(left)
    assert without(policy, []) is policy
