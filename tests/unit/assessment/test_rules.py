"""Pure checks of assessments."""

from datetime import date, timedelta

import pytest

from cunjing.assessment.models import Programme, Run, RunState
from cunjing.assessment.rules import check_may_freeze, check_may_revise, check_prefix, overlap
from cunjing.base.errors import Problem
from cunjing.policy.periods import start_of_day

END = date(2026, 10, 1)


@pytest.mark.parametrize("prefix", ["53", "5323", "532323", "532323101", "532323101201"])
def test_codes_of_every_level_are_scopes(prefix: str) -> None:
    check_prefix(prefix)


@pytest.mark.parametrize("prefix", ["", "5", "53232", "53232３", "牟定县", "5323231012011"])
def test_other_texts_are_not(prefix: str) -> None:
    with pytest.raises(Problem, match="区划代码"):
        check_prefix(prefix)


@pytest.mark.parametrize(
    ("prefix", "valid_to", "expected"),
    [
        ("532323", None, True),
        ("5323", None, True),
        ("532323101", None, True),
        ("532324", None, False),
        ("532323", date(2026, 9, 2), True),
        ("532323", date(2026, 9, 1), False),
    ],
)
def test_programmes_overlap_where_villages_and_days_do(
    prefix: str, valid_to: date | None, expected: bool
) -> None:
    programme = Programme(prefix="532323", valid_from=date(2026, 1, 1), valid_to=valid_to)
    assert overlap(programme, prefix=prefix, valid_from=date(2026, 9, 1)) is expected


def test_a_run_is_frozen_once_and_only_when_its_period_had_ended() -> None:
    ended = start_of_day(END)
    run = Run(period_end=END, watermark=ended)
    check_may_freeze(run)
    run.watermark = ended - timedelta(microseconds=1)
    with pytest.raises(Problem, match="还没有结束"):
        check_may_freeze(run)
    run.state = RunState.FROZEN
    with pytest.raises(Problem, match="已经定稿"):
        check_may_freeze(run)


def test_a_revision_needs_the_newest_frozen_run_and_a_reason() -> None:
    run = Run(state=RunState.FROZEN)
    check_may_revise(run, reason="迟到", revised=False)
    for reason, revised, words in (("迟到", True, "更新的修订"), ("　", False, "理由")):
        with pytest.raises(Problem, match=words):
            check_may_revise(run, reason=reason, revised=revised)
