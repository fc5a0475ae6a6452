"""A county's own rule about matters in time: judged from the ledger, explained by the matters."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
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
from tests.support.matters_in_time import hazard, own_policy

from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.assessment.evidence import CellExplanation, explain_cell
from cunjing.assessment.facts import write_facts
from cunjing.assessment.models import Run
from cunjing.assessment.reach import Reach
from cunjing.base.errors import Problem
from cunjing.policy import loader
from cunjing.policy.periods import parse_period


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everything_collected: None) -> Run:
    """September judged by a policy of the county's own, with hazards in two villages."""
    monkeypatch.setattr(loader, "SHIPPED", own_policy(tmp_path))
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


def test_each_matter_looked_at_leads_to_its_own_page(judged: Run) -> None:
    counted = opened(judged, V1).counted
    shown = render_to_string("console/parts/evidence.html", {"evidence": counted, "reasons": False})
    assert reverse("matter", args=[uid(902)]) in shown
    assert "安全隐患" in shown
    assert "不在您辖区内" not in shown


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
