"""A step is quiet when it works and says everything needed when it does not."""

import sys
from pathlib import Path

import pytest
from tools.runner import paths, steps
from tools.runner.failures import RunError


@pytest.fixture(autouse=True)
def _own_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")


def test_what_it_printed_is_returned_without_what_it_complained() -> None:
    code = "import sys; print('result'); print('by the way', file=sys.stderr)"
    assert steps.step("Asking", [sys.executable, "-c", code]) == "result\n"


def test_a_failure_shows_the_last_words_and_where_the_rest_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = "import sys; print('half way'); sys.exit('no disk left')"
    with pytest.raises(RunError, match=r"Saving: ended with status 1; .*saving\.\*"):
        steps.step("Saving", [sys.executable, "-c", code])
    said = capsys.readouterr().err
    assert "half way" in said
    assert "no disk left" in said
