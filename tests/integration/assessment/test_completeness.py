"""A run is frozen only as the villages were served when it was computed."""

from datetime import date

import pytest
from tests.support.assessment_factories import AN, COUNTY, V1, bureau, judged_september
from tests.support.places_factories import system

from cunjing.assessment.actions import freeze_run, run_assessment
from cunjing.assessment.models import RunState
from cunjing.base.errors import Problem, ProblemKind
from cunjing.coverage.actions import end_posting
from cunjing.coverage.models import Posting


def test_a_posting_changed_since_asks_for_another_run() -> None:
    run = judged_september()
    posting = Posting.objects.get(village=V1, staff=AN)
    end_posting(actor=system(), posting_id=posting.pk, on=date(2026, 10, 5), reason="示例调动")
    with pytest.raises(Problem, match="重新计算") as refused:
        freeze_run(actor=bureau(), run_id=run.pk)
    assert refused.value.kind is ProblemKind.CONFLICT
    again = run_assessment(actor=bureau(), scope=COUNTY, period="2026-09")
    assert freeze_run(actor=bureau(), run_id=again.pk).state == RunState.FROZEN


def test_a_period_that_has_not_begun_is_not_judged() -> None:
    judged_september()
    with pytest.raises(Problem, match="还没有开始"):
        run_assessment(actor=bureau(), scope=COUNTY, period="2099-01")
