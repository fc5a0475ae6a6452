"""The words ./run understands, and what it says to others."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.runner import cli


@pytest.fixture(autouse=True)
def _process_left_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """main() is written for a process of its own: it sets a variable and a signal handler."""
    monkeypatch.setenv("CUNJING_VAR", str(tmp_path))
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


def test_help_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    text = capsys.readouterr().out
    words = ("setup", "cunjing", "check", "test", "bench", "mutants", "help")
    assert [word for word in words if f"\n  {word} " not in text] == []


@pytest.mark.parametrize(
    "argv", [["nonsense"], ["setup", "now"], ["setup", "--spark", "now"], ["check", "src"]]
)
def test_what_is_not_understood_is_refused_before_anything_is_installed(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(argv) == 2
    said = capsys.readouterr().err
    assert f"not understood: {' '.join(argv)}" in said
    assert "Usage: ./run" in said


def test_an_unknown_benchmark_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["bench", "nonsense"]) == 2
    assert "bench needs one of:" in capsys.readouterr().err
