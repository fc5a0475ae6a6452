"""What is said of mutants: of code there is, and on the page as it is kept beside it."""

import json
import os
from pathlib import Path

import pytest
from tests.mutation import results
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.order import in_order, within
from tests.mutation.report import ALONE, CHANGED, PAGE, page
from tests.mutation.results import Measured, Mutant, code_of, found, read_record, write_record
from tests.support.sources import ROOT

AT_MOST = 4
"""Lines one change takes away."""
ONE = Mutant("f", "return 1", "return 2")
OLD = Measured("old", "0", 8, endless=(), survived=(ONE,), alone=True)
NEW = Measured("new", "1", 3, endless=(Mutant("g", "a", "b"),), survived=())


def test_every_line_named_still_stands_in_its_module() -> None:
    gone = []
    for entry in EQUIVALENT:
        path = ROOT / "src/cunjing/policy" / f"{entry.module.replace('.', '/')}.py"
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        spans = [
            " ".join(lines[number : number + AT_MOST])
            for number, line in enumerate(lines)
            if entry.part in line
        ]
        if not any(old in span for span in spans for old, _ in entry.changes):
            gone.append((entry.module, entry.part))
    assert gone == []


def test_the_page_says_what_is_kept() -> None:
    """Which modules have changed since is said as of the day it was written."""
    kept = list(read_record().values())
    now = {one.module: one.code for one in kept}
    assert _whole(page(kept, now=now)) == _whole(PAGE.read_text("utf-8"))


def _whole(text: str) -> list[str]:
    apart = (CHANGED, "Not measured: ")
    return [line for line in text.splitlines() if not line.startswith(apart)]


def test_a_module_not_measured_again_keeps_its_row_and_is_known_to_have_changed() -> None:
    text = page([NEW, OLD], now={"new": "1", "old": "2", "other": "3", "spark.engine": "4"})
    assert "| `old` | 9 | 8 | 0 | 1 | 0 | 88.8 % | 88.8 % |" in text
    assert "| `new` | 4 | 3 | 1 | 0 | 0 | 100.0 % | 100.0 % |" in text
    assert "| all | 13 | 11 | 1 | 1 | 0 | 92.3 % | 92.3 % |" in text
    assert f"{CHANGED}`old`.\n" in text
    assert f"{ALONE}`old`.\n" in text
    assert "Not measured: `other`.\n" in text
    assert "| `old.f` | `return 1` | `return 2` |" in text


def test_a_module_that_is_gone_has_no_row() -> None:
    text = page([NEW, OLD], now={"new": "1"})
    assert "`old`" not in text
    assert f"{CHANGED}none.\n" in text
    assert "Not measured: none.\n" in text


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    write_record({"old": OLD, "new": NEW}, tmp_path / "kept.json")
    assert read_record(tmp_path / "kept.json") == {"old": OLD, "new": NEW}
    assert read_record(tmp_path / "none.json") == {}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout after a run: `whole.py` has run, `part.py` in part, `later.py` was changed."""
    runs: dict[str, list[int | None]]
    runs = {"whole": [1, 0, 36], "part": [1, None, 1], "later": [1, 1, 1]}
    for module, codes in runs.items():
        source = Path(f"src/cunjing/policy/{module}.py")
        mutated = tmp_path / "mutants" / source
        for path in (tmp_path / source, mutated):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("", "utf-8")
        keys = [f"cunjing.policy.{module}.x_f__mutmut_{number}" for number in range(3)]
        meta = {"exit_code_by_key": dict(zip(keys, codes, strict=True))}
        mutated.with_suffix(".py.meta").write_text(json.dumps(meta), "utf-8")
        os.utime(tmp_path / source, (1, 3 if module == "later" else 1))
        os.utime(mutated, (2, 2))
    monkeypatch.setattr(results, "get_diff_for_mutant", _diff)
    return tmp_path


def _diff(name: str, *, path: Path) -> str:
    assert path == Path("src/cunjing/policy/whole.py")
    return f"--- a\n+++ b\n x\n-  return 1\n+  return {name[-1]}\n"


def test_only_what_has_run_whole_on_the_code_there_is_counts(run: Path) -> None:
    (one,) = found([], run)
    assert (one.module, one.killed) == ("whole", 1)
    assert one.survived == (Mutant("f", "return 1", "return 1"),)
    assert one.endless == (Mutant("f", "return 1", "return 2"),)
    assert one.code == code_of(run / "src/cunjing/policy/whole.py")


def test_where_there_is_nothing_to_change_that_is_known_whatever_is_named(run: Path) -> None:
    meta = run / "mutants/src/cunjing/policy/whole.py.meta"
    meta.write_text(json.dumps({"exit_code_by_key": {}}), "utf-8")
    (one,) = found(["cunjing.policy.other.*"], run)
    assert (one.module, one.killed, one.survived) == ("whole", 0, ())
    assert "whole" not in page([one, NEW], now={"whole": one.code, "new": "1"})


def test_only_what_was_named_counts(run: Path) -> None:
    assert len(list(found(["cunjing.policy.whole.*"], run))) == 1
    assert list(found(["cunjing.policy.other.*"], run)) == []


def test_the_likeliest_and_shortest_tests_of_a_mutant_run_first() -> None:
    took = {"u/test_loader.py::a": 1.0, "u/test_duck_run.py::b": 9.0, "u/test_duck_run.py::c": 2.0}
    ordered = in_order(
        ["u/test_new.py::d", *took], mutant="cunjing.policy.duck.run.x_f__mutmut_1", took=took
    )
    assert ordered == [
        "u/test_duck_run.py::c", "u/test_duck_run.py::b", "u/test_new.py::d", "u/test_loader.py::a",
    ]  # fmt: skip


def test_of_the_tests_of_a_mutant_so_many_run_as_take_so_long() -> None:
    took = {"a": 1.0, "b": 2.0, "c": 1.5, "e": 0.1}
    assert within(["a", "b", "new", "c", "e"], seconds=4, took=took) == ["a", "b", "new"]
    assert within(["a"], seconds=0.5, took=took) == []
