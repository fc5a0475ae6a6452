"""./run test says by its status whether all ran, something failed, or something could not run."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.runner import check, postgres, suites

Machine = Callable[..., list[list[str]]]

SERVER = postgres.Installation(programs=Path("/programs"), account=None)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with or without browser and server, on which some folders' tests fail."""

    @contextmanager
    def server(_: postgres.Installation) -> Iterator[str]:
        yield "postgresql://somewhere"

    def prepare(*, browser: bool, database: bool, failing: str = "") -> list[list[str]]:
        ran: list[list[str]] = []

        def run(argv: list[str]) -> int:
            ran.append(argv)
            return int(failing in argv)

        def run_field() -> int:
            return run(["field"])

        monkeypatch.delenv("CUNJING_DATABASE_URL", raising=False)
        monkeypatch.setattr(check, "run", lambda: 0)
        monkeypatch.setattr(suites, "_pytest", run)
        monkeypatch.setattr(suites, "_vitest", run_field)
        monkeypatch.setattr(postgres, "find", lambda: SERVER if database else None)
        monkeypatch.setattr(postgres, "server", server)
        monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if browser else None)
        return ran

    return prepare


def test_everything_runs_and_the_browser_comes_last(machine: Machine) -> None:
    ran = machine(browser=True, database=True)
    assert suites.run_all() == 0
    assert [argv[0] for argv in ran] == [
        "tests/unit",
        "field",
        "tests/integration",
        "tests/integration",
        "tests/functional",
    ]


def test_what_cannot_run_here_is_named_and_ends_with_3(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = machine(browser=False, database=False)
    assert suites.run_all() == 3
    assert [argv[0] for argv in ran] == ["tests/unit", "field", "tests/integration"]
    said = capsys.readouterr().err
    assert "could not run here" in said
    assert "integration tests on PostgreSQL" in said
    assert "journeys in the browser" in said


@pytest.mark.parametrize(
    ("failing", "named"),
    [
        ("tests/unit", "unit, spec, generative and house tests"),
        ("field", "tests of the field app"),
    ],
)
def test_a_failure_outweighs_what_could_not_run_and_stops_nothing(
    failing: str, named: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = machine(browser=False, database=True, failing=failing)
    assert suites.run_all() == 1
    assert len(ran) == 4
    assert f"failed: {named}" in capsys.readouterr().err
