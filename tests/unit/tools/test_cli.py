"""The words ./run understands, and what it says to others."""

import pytest
from tools.runner import cli


def test_help_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    text = capsys.readouterr().out
    assert [
        word for word in ("setup", "cunjing", "check", "test", "bench") if word not in text
    ] == []


@pytest.mark.parametrize("argv", [["nonsense"], ["setup", "now"], ["check", "src"]])
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
