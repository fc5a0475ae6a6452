"""What of an assessment its readers see, and what waits."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    BO,
    BO_V2,
    COUNTY,
    DAI,
    DAI_V1,
    STATION_NORTH,
    STATION_SOUTH,
    V1,
    V2,
    V3,
    V4,
    acting,
    at,
    bureau,
    frozen_september,
    judged_september,
    stranger,
    uid,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment import queries
from cunjing.assessment.actions import revise_run, set_programme
from cunjing.assessment.evidence import explain_cell
from cunjing.assessment.matrix import (
    matrix,
    rule_counts,
    staff_results,
    unit_results,
    verdict_counts,
    village_results,
)
from cunjing.assessment.models import Run
from cunjing.assessment.outlook import has_passed, outlook, unsynced
from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.policy.enums import Reason


def _station(unit_code: str = STATION_NORTH) -> Actor:
    return acting(Role.STATION_CHIEF, unit_code=unit_code)


def _officer() -> Actor:
    return acting(Role.OFFICER, village_code=V1)


@pytest.fixture
def run() -> Run:
    """September, provisional."""
    return judged_september()


def _codes(actor: Actor, run: Run, **chosen: str) -> list[str]:
    page = matrix(actor=actor, run_id=run.pk, **chosen)  # type: ignore[arg-type]
    return [row.village.code for row in page.rows]


def test_everybody_sees_their_own_villages(run: Run) -> None:
    assert _codes(bureau(), run) == [V1, V2, V3, V4]
    assert _codes(_station(), run) == [V1, V2, V3]
    assert _codes(_station(STATION_SOUTH), run) == [V4]
    assert _codes(_officer(), run) == [V1]


def test_another_countys_run_does_not_exist(run: Run) -> None:
    asked: list[Callable[[Actor], object]] = [
        lambda actor: matrix(actor=actor, run_id=run.pk),
        lambda actor: rule_counts(actor=actor, run_id=run.pk),
        lambda actor: village_results(actor=actor, run_id=run.pk, village_code=V1),
        lambda actor: staff_results(actor=actor, run_id=run.pk, staff_id=AN),
        lambda actor: outlook(actor=actor, run_id=run.pk, on=date(2026, 9, 20)),
        lambda actor: unsynced(actor=actor, run_id=run.pk),
        lambda actor: queries.diffs(actor=actor, run_id=run.pk),
        lambda actor: queries.revisions(actor=actor, run_id=run.pk),
        lambda actor: queries.waiting_for(actor=actor, run_id=run.pk),
        lambda actor: explain_cell(
            actor=actor, run_id=run.pk, rule="visit-days", subject=str(AN_V1)
        ),
    ]
    for ask in asked:
        with pytest.raises(Problem) as refused:
            ask(stranger())
        assert refused.value.status == 404
    assert not queries.runs(actor=stranger()).exists()
    assert queries.programmes(actor=stranger()) == []


def test_runs_and_programmes_are_listed_for_all_they_concern(run: Run) -> None:
    for actor in (bureau(), _station(), _officer()):
        assert list(queries.runs(actor=actor, period="2026-09")) == [run]
        assert queries.latest_run(actor=actor, period="2026-09", village_code=V1) == run
        assert queries.latest_runs(actor=actor, on=date(2026, 9, 30)) == [run]
        assert len(queries.programmes(actor=actor)) == 1
    assert queries.latest_runs(actor=bureau(), on=date(2026, 10, 1)) == []


def test_the_matrix_is_filtered_by_verdict_rule_and_unit(run: Run) -> None:
    assert _codes(bureau(), run, verdict="fail") == [V1, V4]
    assert _codes(bureau(), run, verdict="fail", rule="coverage") == [V4]
    assert _codes(bureau(), run, unit_code=STATION_SOUTH) == [V4]


def test_the_matrix_comes_in_pages(run: Run) -> None:
    page = matrix(actor=bureau(), run_id=run.pk, page=2, size=3)
    assert [row.village.code for row in page.rows] == [V4]
    assert (page.total, page.pages) == (4, 2)
    assert matrix(actor=bureau(), run_id=run.pk, page=10**30, size=3) == page


def test_a_cell_names_the_person_and_a_village_may_have_two(run: Run) -> None:
    rows = {row.village.code: row for row in matrix(actor=bureau(), run_id=run.pk).rows}
    names = sorted(cell.staff_name for cell in rows[V3].cells["visit-days"])
    assert names == ["演示2", "演示3"]
    assert "visit-days" not in rows[V4].cells


def test_counts_of_a_station_are_of_its_villages_only(run: Run) -> None:
    coverage = {
        actor: next(
            count.counts
            for count in rule_counts(actor=reader, run_id=run.pk)
            if count.rule.id == "coverage"
        )
        for actor, reader in (("bureau", bureau()), ("north", _station()))
    }
    assert coverage == {"bureau": {"fail": 1, "pass": 3}, "north": {"pass": 3}}


def test_the_list_of_runs_counts_what_the_reader_may_read(run: Run) -> None:
    whole = verdict_counts(actor=bureau(), runs=[run])[run.pk]
    own = verdict_counts(actor=_station(), runs=[run])[run.pk]
    assert whole == run.counts
    of_rules = rule_counts(actor=_station(), run_id=run.pk)
    assert sum(own.values()) == sum(count.total for count in of_rules)
    assert 0 < sum(own.values()) < sum(whole.values())


def test_what_failed_comes_before_what_is_only_unknown(run: Run) -> None:
    unmet = outlook(actor=bureau(), run_id=run.pk, on=date(2026, 10, 2)).unmet
    verdicts = [one.cell.result.verdict for one in unmet]
    order = ["fail", "advice", "not_due", "unknown"]
    assert verdicts == sorted(verdicts, key=order.index)
    assert len(set(verdicts)) > 1


def test_what_is_missed_and_what_is_still_open_are_told_apart(run: Run) -> None:
    look = outlook(actor=bureau(), run_id=run.pk, on=date(2026, 10, 2))
    assert {one.cell.result.verdict for one in look.missed} == {"fail"}
    assert {one.cell.result.verdict for one in look.open} == {"unknown"}
    assert [*look.missed, *look.open] == look.unmet


def test_results_of_a_village_and_of_a_person(run: Run) -> None:
    village = village_results(actor=bureau(), run_id=run.pk, village_code=V1)
    assert len(village) == 5
    person = staff_results(actor=_station(), run_id=run.pk, staff_id=BO)
    assert {cell.result.village_code for cell in person} == {V2, V3}
    assert village_results(actor=_officer(), run_id=run.pk, village_code=V2) == []


@pytest.mark.usefixtures("everything_collected")
def test_verdicts_on_units_are_for_those_who_answer_for_them() -> None:
    set_programme(
        actor=bureau(), prefix=COUNTY, policy_id="jilin-2019", valid_from=date(2026, 1, 1)
    )
    run = judged_september()
    units = {
        name: {cell.result.subject for cell in unit_results(actor=actor, run_id=run.pk)}
        for name, actor in (("bureau", bureau()), ("south", _station(STATION_SOUTH)))
    }
    assert units["bureau"] >= {STATION_NORTH, STATION_SOUTH}
    assert units["south"] == {STATION_SOUTH}


def test_the_outlook_says_what_is_missing_and_how_long_there_is() -> None:
    run = judged_september(as_of=at(20))
    seen = outlook(actor=bureau(), run_id=run.pk, on=date(2026, 9, 20), staff_id=AN)
    assert seen.days_left == 11
    assert [(unmet.rule.id, unmet.short) for unmet in seen.unmet] == [("safety-warning", "还差1次")]
    assert outlook(actor=bureau(), run_id=run.pk, on=date(2026, 11, 1)).days_left == 0


def test_of_a_limit_that_is_passed_the_outlook_says_by_how_much() -> None:
    set_programme(
        actor=bureau(), prefix=COUNTY, policy_id="suzhou-2021", valid_from=date(2026, 1, 1)
    )
    Posting.objects.filter(pk=DAI_V1).update(valid_from=date(2023, 7, 1))
    run = judged_september()
    seen = outlook(actor=bureau(), run_id=run.pk, on=date(2026, 10, 2), staff_id=DAI)
    said = {unmet.rule.id: unmet.short for unmet in seen.unmet}
    assert said["auxiliary-rotation"] == "多15个月"


def test_who_was_judged_and_passed_is_told_from_who_was_not_judged(run: Run) -> None:
    assert has_passed(actor=bureau(), run_id=run.pk, staff_id=AN)
    assert not has_passed(actor=bureau(), run_id=run.pk, staff_id=uid(99))
    assert not has_passed(actor=_station(STATION_SOUTH), run_id=run.pk, staff_id=AN)


def test_unknown_is_shown_with_the_age_of_the_last_sync(run: Run) -> None:
    (silent,) = unsynced(actor=bureau(), run_id=run.pk)
    assert silent.staff.pk == BO
    assert (silent.last_sync_at, silent.verdicts) == (at(20), 8)
    assert silent.age_days == (now() - at(20)).days


def test_an_explanation_opens_the_records_counted_and_rejected(run: Run) -> None:
    seen = explain_cell(actor=bureau(), run_id=run.pk, rule="visit-days", subject=str(AN_V1))
    assert [one.id for one in seen.counted] == [str(uid(number)) for number in (101, 102, 104)]
    assert all(one.record is not None for one in seen.counted)
    assert {(one.id, one.reason) for one in seen.rejected} == {
        (str(uid(103)), Reason.VOID),
        (str(uid(105)), Reason.WRONG_VILLAGE),
    }
    assert all(one.reason_text for one in seen.rejected)
    assert "达标" in seen.message
    assert seen.clause_note


def test_coverage_is_explained_by_postings(run: Run) -> None:
    seen = explain_cell(actor=bureau(), run_id=run.pk, rule="coverage", subject=V2)
    assert [one.posting.pk for one in seen.counted if one.posting] == [BO_V2]


def test_records_of_other_villages_stay_closed_to_an_officer(run: Run) -> None:
    seen = explain_cell(actor=_officer(), run_id=run.pk, rule="visit-days", subject=str(AN_V1))
    closed = [one.id for one in seen.rejected if one.record is None]
    assert closed == [str(uid(105))]


def test_a_stored_verdict_that_somebody_changed_is_not_explained(run: Run) -> None:
    run.results.filter(rule="coverage", subject=V4).update(verdict="pass")
    with pytest.raises(Problem, match="不一致"):
        explain_cell(actor=bureau(), run_id=run.pk, rule="coverage", subject=V4)


def test_records_received_after_freezing_wait_for_a_revision() -> None:
    run = frozen_september()
    work(600, "session", V1, AN, 9, subkind="legal_education", received_at=now())
    waiting = queries.waiting_for(actor=bureau(), run_id=run.pk)
    assert [record.pk for record in waiting.records] == [uid(401)]
    assert waiting
    elsewhere = queries.waiting_for(actor=_station(STATION_SOUTH), run_id=run.pk)
    assert not elsewhere
    revision = revise_run(actor=bureau(), run_id=run.pk, reason="迟到的预警")
    for done in (run, revision):
        assert not queries.waiting_for(actor=bureau(), run_id=done.pk)
    assert queries.latest_run(actor=bureau(), period="2026-09") == revision
    assert queries.revisions(actor=bureau(), run_id=run.pk) == [revision, run]


def test_a_withdrawal_after_freezing_waits_too() -> None:
    run = frozen_september()
    record = work(700, "warning", V1, AN, 29)
    type(record).objects.filter(pk=record.pk).update(voided_at=now(), void_reason="误录")
    waiting = queries.waiting_for(actor=bureau(), run_id=run.pk)
    assert [one.pk for one in waiting.records] == [record.pk, uid(401)]


def test_nothing_waits_on_a_provisional_run(run: Run) -> None:
    assert not queries.waiting_for(actor=bureau(), run_id=run.pk)


def test_a_diff_is_read_by_those_whose_village_it_is() -> None:
    run = frozen_september()
    revision = revise_run(actor=bureau(), run_id=run.pk, reason="迟到的预警")
    for actor, count in ((bureau(), 1), (_officer(), 1), (_station(STATION_SOUTH), 0)):
        assert len(queries.diffs(actor=actor, run_id=revision.pk)) == count
