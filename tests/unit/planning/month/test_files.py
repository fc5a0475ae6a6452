"""A plan's folder is read back as it was written, and says where it cannot be read."""

import json
from pathlib import Path

import pytest
from tests.support.month_plans import QUICK, need, problem

from cunjing.planning.month.files import digest_of, read_plan, write_plan
from cunjing.planning.month.plan import plan_month
from cunjing.policy.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = problem(need("=1+1"), need("H2", 0))
    out = tmp_path / "plan"
    write_plan(out, plan_month(asked, QUICK), problem=asked, options=QUICK, policy=None)
    return out


def test_a_plan_is_read_back_as_it_was_written(folder: Path) -> None:
    asked = problem(need("=1+1"), need("H2", 0))
    made = plan_month(asked, QUICK)
    plan, options, digest = read_plan(folder)
    assert (plan.days, plan.visits, plan.left_out) == (made.days, made.visits, made.left_out)
    assert (options, digest) == (QUICK, digest_of(asked))


def test_ids_that_a_spreadsheet_would_run_are_made_harmless(folder: Path) -> None:
    assert ",'=1+1," in (folder / "visits.csv").read_text("utf-8")


def test_the_digest_follows_what_is_planned_from() -> None:
    assert digest_of(problem(need())) == digest_of(problem(need()))
    assert digest_of(problem(need())) != digest_of(problem(need(prize=11)))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("plan.json", "{", "", "plan.json：读不出来"),
        ("plan.json", '"seed"', '"sead"', "plan.json：“seed”列：缺少"),
        ("plan.json", '"spacing"', '"space"', "plan.json：“options”列：读不出来"),
        ("days.csv", "staff_id", "who", "days.csv：第1行：表头应为"),
        ("days.csv", "2026-10-", "2026-1O-", "days.csv：第2行，“date”列"),
        ("days.csv", "false", "no", "days.csv：第2行，“fixed”列：“no”读不出来"),
        ("visits.csv", ":", "h", "visits.csv：第2行，“arrive”列"),
        ("visits.csv", ",1,", ",one,", "visits.csv：第2行，“order”列"),
        (
            "left_out.csv",
            ",not_needed,需要程度是0，本月不用走访",
            "",
            "left_out.csv：第2行，“cause”列：这一格缺了",
        ),
    ],
)
def test_what_cannot_be_read_is_named(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_plan(folder)
    assert message in str(refused.value)


def test_a_file_that_is_missing_is_named(folder: Path) -> None:
    (folder / "visits.csv").unlink()
    with pytest.raises(InputError, match=r"visits\.csv"):
        read_plan(folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spacing", None),
        ("start", "08:30"),
        ("end", True),
        ("metres_a_minute", 0),
        ("within_hamlet", -1),
        ("between_hamlets", 10**30),
        ("minutes", []),
        ("calendar_effort", float("nan")),
    ],
)
def test_a_number_that_is_none_is_refused(folder: Path, name: str, value: object) -> None:
    summary = json.loads((folder / "plan.json").read_text("utf-8"))
    summary["options"][name] = value
    (folder / "plan.json").write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(InputError, match="“options”列：读不出来"):
        read_plan(folder)


def test_units_that_are_no_codes_and_a_file_too_deep_are_refused(folder: Path) -> None:
    summary = json.loads((folder / "plan.json").read_text("utf-8"))
    (folder / "plan.json").write_text(json.dumps({**summary, "units": [1]}), encoding="utf-8")
    with pytest.raises(InputError, match="“units”列：应是单位代码"):
        read_plan(folder)
    (folder / "plan.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.json：读不出来"):
        read_plan(folder)
