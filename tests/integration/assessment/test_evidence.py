"""A verdict opened: told part by part, every refusal with the record's own dates and names."""

from datetime import date

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN_V1,
    BEGAN,
    BO,
    BO_V2,
    BO_V3,
    CAI,
    CAI_V3,
    COUNTY,
    V1,
    V2,
    V3,
    V4,
    acting,
    at,
    bureau,
    judged_september,
    uid,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.assessment.evidence import CellExplanation, explain_cell
from cunjing.assessment.models import Run
from cunjing.kernel.access import Actor


def opened(
    rule: str, subject: object, *, run: Run | None = None, actor: Actor | None = None
) -> CellExplanation:
    return explain_cell(
        actor=actor or bureau(),
        run_id=(run or judged_september()).pk,
        rule=rule,
        subject=str(subject),
    )


def why(found: CellExplanation) -> dict[str, str]:
    return {one.id: one.why for one in found.rejected}


def test_every_refusal_says_what_of_the_record_makes_it_so() -> None:
    work(610, "village_visit", V3, CAI, 20)
    visits = why(opened("visit-days", AN_V1))
    assert visits[str(uid(103))] == "已作废：重复"
    assert visits[str(uid(105))] == "是村1202的记录，不是这个村的"
    assert why(opened("visit-days", BO_V2))[str(uid(404))] == "是8月25日的，不在9月里"
    late = why(opened("safety-warning", AN_V1))[str(uid(401))]
    assert late == "2026-10-03 09:00才收到，晚于截止的2026-10-02 09:00"
    assert why(opened("visit-days", CAI_V3))[str(uid(610))] == "9月20日不在任职期内"


def test_of_a_record_outside_the_jurisdiction_only_the_reason_is_said() -> None:
    officer = acting(Role.OFFICER, village_code=V1)
    found = opened("visit-days", AN_V1, actor=officer)
    assert why(found)[str(uid(105))] == "不是这个村的记录"


def test_what_counted_has_no_refusal() -> None:
    found = opened("visit-days", AN_V1)
    assert {one.why for one in found.counted} == {""}
    assert found.counts_events
    assert found.told.found == "计入3条进村工作记录，合2天"
    assert found.told.short == ""


def test_the_unknown_names_whose_records_may_be_missing_and_until_when_they_came() -> None:
    found = opened("visit-days", BO_V2)
    (silent,) = found.silent
    assert (silent.staff.pk, silent.last_sync_at) == (BO, at(20))
    assert found.told.short == "还差1天"
    assert found.told.until == "2026年9月30日已经到期"


def test_what_is_known_names_nobody() -> None:
    assert opened("visit-days", AN_V1).silent == []
    coverage = opened("coverage", V4)
    assert (list(coverage.silent), coverage.counts_events) == ([], False)
    assert coverage.told.found == "一名也没有"


@pytest.fixture
def mouding() -> Run:
    """September judged by a policy whose rules are about villages."""
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="mouding-2020", valid_from=BEGAN)
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)


def test_an_unknown_village_names_everybody_posted_there(mouding: Run) -> None:
    found = opened("sweep", V2, run=mouding)
    assert [one.staff.pk for one in found.silent] == [BO]


@pytest.mark.usefixtures("everything_collected")
def test_the_days_that_lack_something_are_named(mouding: Run) -> None:
    found = opened("fraud-bulletin", V1, run=mouding)
    assert found.told.short == "还差30天：9月1日至30日"


def test_a_lower_threshold_and_an_exemption_show_their_sum() -> None:
    run = judged_september()
    exempt = opened("visit-days", CAI_V3, run=run)
    assert exempt.worked_out == ("本期共30天，任职15天，其中请假11天，在岗4天；不足7天，免考")
    assert exempt.there is not None
    assert exempt.there.away == ((date(2026, 9, 3), date(2026, 9, 14)),)
    lowered = opened("visit-days", BO_V3, run=run)
    assert lowered.worked_out == "本期共30天，任职15天；2×15÷30＝1，应有1天"
    assert opened("visit-days", AN_V1, run=run).worked_out == ""
    assert opened("coverage", V1, run=run).there is None
