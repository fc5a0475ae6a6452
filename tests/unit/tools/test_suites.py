"""./run test says by its status whether all ran, something failed, or something could not run."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.runner import check, node_env, postgres, suites
from tools.runner.failures import RunError
from tools.runner.lanes import Job, Lane

Machine = Callable[..., list[Job]]

SERVER = postgres.Installation(programs=Path("/programs"), account=None)
ADDRESS = "postgresql://somewhere"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with or without browser and server, on which some suites fail."""

    @contextmanager
    def server(_: postgres.Installation) -> Iterator[str]:
        yield ADDRESS

    def prepare(*, browser: bool, database: bool, failing: str = "") -> list[Job]:
        ran: list[Job] = []

        def run(lanes: Sequence[Lane]) -> list[str]:
            for lane in lanes:
                ran.extend(lane)
            return [job.label for job in ran if job.label == failing]

        monkeypatch.delenv("CUNJING_DATABASE_URL", raising=False)
        monkeypatch.setattr(check, "run", lambda: 0)
        monkeypatch.setattr(suites, "run_lanes", run)
        monkeypatch.setattr(node_env, "field_test_command", lambda: ["node", "-m", "vitest", "-"])
        monkeypatch.setattr(postgres, "find", lambda: SERVER if database else None)
        monkeypatch.setattr(postgres, "server", server)
        monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if browser else None)
        return ran

    return prepare


def test_everything_runs_the_browser_beside_what_computes(machine: Machine) -> None:
    ran = machine(browser=True, database=True)
    assert suites.run_all() == 0
    assert [(job.argv[3], dict(job.extra)) for job in ran] == [
        ("tests/unit", {}),
        ("-", {}),
        ("tests/functional", {}),
        ("tests/integration", {}),
        ("tests/integration", {"CUNJING_DATABASE_URL": ADDRESS}),
    ]


def test_what_cannot_run_here_is_named_and_ends_with_3(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = machine(browser=False, database=False)
    assert suites.run_all() == 3
    assert [job.argv[3] for job in ran] == ["tests/unit", "-", "tests/integration"]
    said = capsys.readouterr().err
    assert "could not run here" in said
    assert "integration tests on PostgreSQL" in said
    assert "journeys in the browser" in said


@pytest.mark.parametrize(
    "failing", ["unit, spec, generative and house tests", "tests of the field app"]
)
def test_a_failure_outweighs_what_could_not_run_and_stops_nothing(
    failing: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = machine(browser=False, database=True, failing=failing)
    assert suites.run_all() == 1
    assert len(ran) == 4
    assert f"failed: {failing}" in capsys.readouterr().err


def test_a_failed_check_stops_nothing_and_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = machine(browser=True, database=True)
    monkeypatch.setattr(check, "run", lambda: 1)
    assert suites.run_all() == 1
    assert len(ran) == 5
    assert "failed: check" in capsys.readouterr().err


def test_a_database_of_ones_own_is_none_of_everything(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = machine(browser=True, database=True)
    monkeypatch.setenv("CUNJING_DATABASE_URL", ADDRESS)
    with pytest.raises(RunError, match="brings its own databases"):
        suites.run_all()
    assert ran == []
