"""What-if comparisons hold in every world: nothing flips for nothing, and stricter never helps."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.generative.worlds import Case, militia, work
from tests.support.facts_tables import Memory
from tests.support.rulebook import MILITIA, WORK

from cunjing.policy.engines import load_engine
from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.model import Between, Policy
from cunjing.policy.periods import Period, parse_period
from cunjing.policy.verdict import Verdict
from cunjing.policy.whatif import Flip, NewThreshold, compare, flips, with_thresholds

SOME = settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the examples take turns in."""
    database = Memory()
    yield database
    database.close()


def _numbered(policy: Policy, period: Period) -> list[tuple[str, NewThreshold]]:
    """Rules of the period with a threshold that a person could change, and what it is."""
    thresholds = ((rule.id, rule.threshold_on(period.start)) for rule in policy.rules_for(period))
    return [(name, value) for name, value in thresholds if isinstance(value, int | Between)]


def _stricter(policy: Policy, period: Period, name: str, value: NewThreshold, by: int) -> Policy:
    """The policy asking for more, or allowing less."""
    least = policy.rule(name).operator is Operator.AT_LEAST
    if isinstance(value, Between):
        changes: dict[str, NewThreshold] = {name: Between(value.low + by, value.high)}
    else:
        changes = {name: value + by if least else value - by}
    try:
        return with_thresholds(policy, changes=changes, periods=[period])
    except RequestError:  # more than a period can hold
        return policy


def _compared(before: Policy, after: Policy, *, facts: Facts, case: Case) -> tuple[Flip, ...]:
    period = parse_period(case.period)
    found = compare(
        engine=load_engine("reference"),
        facts=facts,
        before=before,
        after=after,
        period=period,
        as_of=case.as_of,
        rules=[rule.id for rule in before.rules_for(period)],
    )
    return found.flips


@st.composite
def _drafted(draw: st.DrawFn) -> tuple[Case, Policy, Policy]:
    """A world, a policy and a stricter draft of it."""
    case, policy = draw(st.tuples(work(), st.just(WORK)) | st.tuples(militia(), st.just(MILITIA)))
    period = parse_period(case.period)
    name, value = draw(st.sampled_from(_numbered(policy, period)))
    return case, policy, _stricter(policy, period, name, value, draw(st.integers(1, 3)))


@SOME
@given(_drafted())
def test_a_stricter_threshold_takes_passes_away_and_gives_none(
    memory: Memory, drafted: tuple[Case, Policy, Policy]
) -> None:
    case, before, after = drafted
    facts = memory.load(case.tables)
    harder = _compared(before, after, facts=facts, case=case)
    assert {flip.before for flip in harder} <= {VerdictKind.PASS}
    assert VerdictKind.PASS not in {flip.after for flip in harder}
    easier = _compared(after, before, facts=facts, case=case)
    assert [(flip.rule, flip.subject, flip.after, flip.before) for flip in easier] == [
        (flip.rule, flip.subject, flip.before, flip.after) for flip in harder
    ]


@SOME
@given(work())
def test_the_same_policy_flips_nothing(memory: Memory, case: Case) -> None:
    assert _compared(WORK, WORK, facts=memory.load(case.tables), case=case) == ()


KINDS = st.sampled_from([None, *VerdictKind])
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("PQR")), st.tuples(KINDS, KINDS), max_size=6
)
Pairs = dict[tuple[str, str], tuple[VerdictKind | None, VerdictKind | None]]


@given(PAIRS)
def test_flips_are_the_pairs_that_differ_from_either_side(pairs: Pairs) -> None:
    before, after = (_side(pairs, which) for which in (0, 1))
    found = flips(before, after)
    assert {(flip.rule, flip.subject): (flip.before, flip.after) for flip in found} == {
        key: kinds for key, kinds in pairs.items() if kinds[0] is not kinds[1]
    }
    assert tuple(_swapped(flip) for flip in flips(after, before)) == found


def _side(pairs: Pairs, which: int) -> list[Verdict]:
    """The verdicts of one policy."""
    return [
        replace(VERDICT, rule=rule, subject=subject, verdict=kind, threshold=which)
        for (rule, subject), kinds in pairs.items()
        if (kind := kinds[which]) is not None
    ]


def _swapped(flip: Flip) -> Flip:
    """The flip seen from the draft."""
    return replace(
        flip,
        before=flip.after,
        after=flip.before,
        value_before=flip.value_after,
        value_after=flip.value_before,
        threshold_before=flip.threshold_after,
        threshold_after=flip.threshold_before,
    )


VERDICT = Verdict(
    policy="book",
    policy_digest="",
    rule="",
    clause="1",
    subject_kind=SubjectKind.POSTING,
    subject="",
    village_code="532323100200",
    staff_id="S1",
    period="2026-09",
    value=2,
    operator=Operator.AT_LEAST,
    threshold=2,
    threshold_full=2,
    verdict=VerdictKind.PASS,
    evidence_count=0,
    evidence_digest="",
    watermark="2026-12-01T00:00:00+08:00",
    engine="reference",
)
