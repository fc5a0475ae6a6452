"""A county's own rule about matters in time: judged from the ledger, explained by the matters."""

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN,
    BEGAN,
    COUNTY,
    V1,
    V2,
    V4,
    at,
    bureau,
    stranger,
    uid,
)

from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.assessment.evidence import CellExplanation, explain_cell
from cunjing.assessment.facts import write_facts
from cunjing.assessment.models import Run
from cunjing.assessment.reach import Reach
from cunjing.base.errors import Problem
from cunjing.matters.models import Matter, MatterKind
from cunjing.policy import loader
from cunjing.policy.periods import parse_period

OWN = """\
id: own
title: 本县
issuer: 县局
document_number: 〔2026〕1号
issued_on: 2026-01-01
source_digest: "{zeros}"
scope: ["990101"]
time_zone: Asia/Shanghai
calendar: gregorian
minimum_days: {{month: 7, quarter: 30, half_year: 60, year: 90}}
clauses: [{{number: "1", paraphrase: 隐患十天内整改, disposition: executable}}]
rules:
  - id: hazards-in-time
    clause: "1"
    title: 隐患按期整改
    kind: sla
    subject: village
    period: month
    measure: {{kind: matters_overdue, matter: {{kind: hazard}}, within_days: 10}}
    operator: "<="
    threshold: 0
    unit: 件
    message: "{{period}}有{{value}}件隐患超过期限没有整改"
"""


def hazard(number: int, village: str, opened_at: datetime, **more: object) -> Matter:
    """A hazard An noted."""
    return Matter.objects.create(
        id=uid(number),
        kind=MatterKind.HAZARD,
        subkind="fire",
        village_id=village,
        place="村口",
        summary="线路老化",
        opened_at=opened_at,
        recorded_at=opened_at,
        received_at=opened_at,
        opened_by_id=AN,
        digest="0" * 64,
        **more,
    )


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """September judged by a policy of the county's own, with hazards in two villages."""
    (tmp_path / "policies" / "own").mkdir(parents=True)
    path = tmp_path / "policies" / "own" / loader.FILE_NAME
    path.write_text(OWN.format(zeros="0" * 64), encoding="utf-8")
    monkeypatch.setattr(loader, "SHIPPED", tmp_path / "policies")
    hazard(901, V1, at(1))
    hazard(902, V1, at(25, month=8), closed_at=at(30, month=8), outcome="repaired")
    hazard(903, V2, at(2), closed_at=at(20), outcome="repaired")
    hazard(904, V2, at(25), due_at=at(3))
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="own", valid_from=BEGAN)
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)


def opened(run: Run, village: str) -> CellExplanation:
    return explain_cell(actor=bureau(), run_id=run.pk, rule="hazards-in-time", subject=village)


def test_what_was_looked_at_are_the_matters_themselves_the_oldest_first(judged: Run) -> None:
    found = opened(judged, V1)
    assert [one.matter and one.matter.pk for one in found.counted] == [uid(902), uid(901)]
    assert found.told.found == "期限在这个周期里的2件，其中没有按期办结的1件"
    assert found.told.amiss == (
        f"安全隐患（消防）{uid(901)}：2026年9月1日受理，期限到2026年9月11日，还没有办结，超过21天",
    )
    assert found.message.startswith("9月有1件隐患超过期限没有整改")
    assert not found.rejected


def test_a_village_that_may_still_have_a_closing_on_a_phone_names_whose(judged: Run) -> None:
    found = opened(judged, V2)
    assert found.cell.result.verdict == "unknown"
    assert found.silent
    assert found.told.amiss[0].endswith("，2026年9月20日才办结，超过8天")


def test_a_village_without_matters_is_in_order(judged: Run) -> None:
    found = opened(judged, V4)
    assert (found.cell.result.verdict, found.counted) == ("pass", [])
    assert found.message == "隐患按期整改：达标，没有不合要求的"


def test_a_stranger_opens_nothing(judged: Run) -> None:
    with pytest.raises(Problem):
        explain_cell(actor=stranger(), run_id=judged.pk, rule="hazards-in-time", subject=V1)


def test_the_facts_of_a_period_have_the_matters_that_were_open_or_due_in_it(tmp_path: Path) -> None:
    closed = {"closed_at": at(2, month=5), "outcome": "repaired"}
    hazard(911, V1, at(1, month=5))
    hazard(912, V1, at(1, month=5), due_at=at(10), **closed)
    hazard(913, V1, at(1, month=5), due_at=at(20, month=5), **closed)
    hazard(914, V1, at(1, month=5), **closed)
    hazard(915, V1, at(1, month=12))
    write_facts(folder=tmp_path, reach=Reach(prefixes=(COUNTY,), period=parse_period("2026-09")))
    found = pq.read_table(tmp_path / "matters.parquet").column("matter_id").to_pylist()
    assert found == [str(uid(911)), str(uid(912))]
