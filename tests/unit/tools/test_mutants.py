"""./run mutants: what is kept from an earlier run, and what is run."""

from pathlib import Path

import pytest
from tools.runner import mutants


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """What is run instead of mutmut, after a run that left its folder."""
    kept = tmp_path / "mutants"
    copies = ("tests/a.py", "tools/a.py", "src/sql/a.sql", "mutmut-stats.json")
    for name in (*copies, "src/a.py", "src/a.py.meta"):
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(mutants, "MUTANTS", kept)
    found: list[tuple[str, ...]] = []

    def note(*argv: str) -> int:
        found.append(argv)
        return 0

    monkeypatch.setattr(mutants, "_in_checkout", note)
    return found


def test_all_mutants_are_made_anew(ran: list[tuple[str, ...]]) -> None:
    assert mutants.run([]) == 0
    assert ran == [("tests.mutation.running",), ("tests.mutation.report",)]
    assert not mutants.MUTANTS.exists()


def test_named_ones_keep_what_was_found_of_the_others(ran: list[tuple[str, ...]]) -> None:
    assert mutants.run(["cunjing.policy.periods.*"]) == 0
    assert ran[0] == ("tests.mutation.running", "cunjing.policy.periods.*")
    assert ran[1] == ("tests.mutation.report", "cunjing.policy.periods.*")
    left = {path.name for path in mutants.MUTANTS.rglob("*") if path.is_file()}
    assert left == {"a.py", "a.py.meta"}


def test_what_fails_writes_no_page(
    ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "_in_checkout", lambda *_: 1)
    assert mutants.run([]) == 1
    assert ran == []
