"""A verdict about matters, as the API explains it."""

from datetime import date
from pathlib import Path

import pytest
from tests.support.api_factories import World
from tests.support.assessment_factories import AN, COUNTY, V1, at, bureau, uid
from tests.support.matters_in_time import hazard, own_policy

from cunjing.assessment import collecting
from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.policy import loader


def test_the_matters_behind_a_verdict_have_their_village_and_day(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "SHIPPED", own_policy(tmp_path))
    monkeypatch.setattr(collecting, "is_collected", lambda _rule: True)
    hazard(901, V1, at(1, month=10))
    begins = date(2026, 10, 1)
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="own", valid_from=begins, note="试行")
    run = run_assessment(actor=bureau(), scope=COUNTY, period="2026-10", as_of=at(2, month=11))
    found = world.county.get(f"/assessments/{run.pk}/results/hazards-in-time/{V1}")
    (one,) = found["counted"]
    assert {name: one[name] for name in ("id", "source", "kind", "village_code", "on")} == {
        "id": str(uid(901)),
        "source": "matter",
        "kind": "hazard",
        "village_code": V1,
        "on": "2026-10-01",
    }
    assert one["staff_id"] == str(AN)
    assert found["told"]["amiss"][0].startswith("安全隐患（消防）")
