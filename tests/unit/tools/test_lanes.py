"""Commands in lanes: all run, in the order of their lane, and none outlives the run."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.runner import lanes, paths


@pytest.fixture(autouse=True)
def _own_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 0.01)


def job(label: str, code: str = "", **extra: str) -> lanes.Job:
    """A job that runs some Python."""
    return lanes.Job(label=label, argv=[sys.executable, "-S", "-c", code], extra=extra)


def lane(*jobs: lanes.Job) -> lanes.Lane:
    yield from jobs


def test_all_run_whichever_fails_and_each_is_told_in_one_piece(
    capsys: pytest.CaptureFixture[str],
) -> None:
    speaks = "import time; print({0!r}, flush=True); time.sleep(0.2); print({1!r})"
    first = lane(job("one", speaks.format("a", "b") + "; raise SystemExit(3)"), job("two"))
    second = lane(job("three", speaks.format("c", "d")))
    assert lanes.run([first, second]) == ["one"]
    said = capsys.readouterr()
    assert "a\nb\n" in said.out
    assert "c\nd\n" in said.out
    assert "→ two …" in said.err


def test_lanes_run_beside_each_other_and_a_lane_in_its_order(tmp_path: Path) -> None:
    """Each of two waits for what the other one leaves; what comes after finds both."""
    wait = (
        "import pathlib, sys, time\n"
        "folder = pathlib.Path({0!r})\n"
        "(folder / {1!r}).touch()\n"
        "end = time.monotonic() + 20\n"
        "while not (folder / {2!r}).exists():\n"
        "    assert time.monotonic() < end\n"
        "    time.sleep(0.01)\n"
    )
    here = str(tmp_path)
    after = f"import pathlib; assert (pathlib.Path({here!r}) / 'b').exists()"
    first = lane(job("one", wait.format(here, "a", "b")), job("after", after))
    assert lanes.run([first, lane(job("two", wait.format(here, "b", "a")))]) == []


def test_a_job_has_what_it_needs_in_its_environment() -> None:
    code = "import os; assert os.environ['NEEDED'] == 'here' and 'PATH' in os.environ"
    assert lanes.run([lane(job("one", code, NEEDED="here"))]) == []


def test_a_lane_gives_a_sign_of_life(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lanes, "HEARTBEAT_SECONDS", 0)
    code = "import time; print('half done', flush=True); time.sleep(0.5)"
    assert lanes.run([lane(job("one", code))]) == []
    assert "one half done\n" in capsys.readouterr().err


def test_whatever_ends_it_early_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The running job has ended, and what its lane held open for it is closed, in this order."""
    started: list[subprocess.Popen[bytes]] = []
    closed: list[int | None] = []

    @contextmanager
    def held() -> Iterator[None]:
        try:
            yield
        finally:
            closed.append(started[0].poll())

    def keeps() -> lanes.Lane:
        with held():
            yield job("endless", "import time; time.sleep(60)")

    def interrupted() -> lanes.Lane:
        yield job("short")
        raise KeyboardInterrupt

    real = subprocess.Popen

    def popen(*args: object, **options: object) -> "subprocess.Popen[bytes]":
        started.append(real(*args, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(KeyboardInterrupt):
        lanes.run([keeps(), interrupted()])
    assert closed != [None]
    assert len(closed) == 1
