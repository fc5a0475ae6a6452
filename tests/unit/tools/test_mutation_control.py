"""`./run mutants`: first all tests, nothing changed; where they fail, nothing is counted."""

from typing import Any

import pytest
from mutmut.state import state
from mutmut.workers.isolation import ForkServerRunner, MutantResult
from tests.mutation.running import KILLED, NOT_RUN, SURVIVED, UNCHANGED, Collected, Runner


def runner(monkeypatch: pytest.MonkeyPatch, *, status: int) -> tuple[Runner, list[Any]]:
    """One whose server says this of the first mutant, and what it was given to do."""
    asked: list[Any] = []
    said = MutantResult(UNCHANGED, status, 1.0)
    for name in ("startup", "shutdown"):
        monkeypatch.setattr(ForkServerRunner, name, lambda _, name=name: asked.append(name))
    monkeypatch.setattr(ForkServerRunner, "submit", lambda _, *given: asked.append(given[:2]))
    monkeypatch.setattr(ForkServerRunner, "wait_for_result", lambda _: said)
    return Runner(max_workers=1, test_runner_class=Collected, test_runner_args={}), asked


def test_mutants_are_run_once_all_tests_pass_with_nothing_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, asked = runner(monkeypatch, status=SURVIVED)
    assert ours.run_clean_tests(["a", "b"]) == 0
    ours.startup()
    assert asked == ["startup", (UNCHANGED, ["a", "b"])]


def test_where_none_are_named_all_that_were_timed_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state(), "duration_by_test", {"a": 1.0, "b": 2.0})
    ours, asked = runner(monkeypatch, status=SURVIVED)
    ours.run_clean_tests([])
    ours.startup()
    assert asked[-1] == (UNCHANGED, ["a", "b"])


@pytest.mark.parametrize(("status", "tests"), [(KILLED, ["a"]), (NOT_RUN, ["a"]), (SURVIVED, [])])
def test_none_is_run_where_they_fail_or_there_are_none(
    monkeypatch: pytest.MonkeyPatch, status: int, tests: list[str]
) -> None:
    monkeypatch.setattr(state(), "duration_by_test", {})
    ours, asked = runner(monkeypatch, status=status)
    ours.run_clean_tests(tests)
    with pytest.raises(SystemExit, match="nothing changed"):
        ours.startup()
    assert asked[-1] == "shutdown"
