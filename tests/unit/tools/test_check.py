"""./run check: all parts run, whichever fails."""

import sys

import pytest
from tools.runner import check


def _part(label: str, *, says: str, status: int) -> check.Check:
    code = f"import sys; print({says!r}); sys.exit({status})"
    return label, [sys.executable, "-c", code], {}


def test_what_failed_is_named_and_the_rest_is_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [
        _part("types", says="one word", status=1),
        _part("ruff", says="another", status=0),
        _part("format", says="a third", status=3),
    ]
    monkeypatch.setattr(check, "_checks", lambda: parts)
    assert check.run() == 1
    said = capsys.readouterr().err
    assert "check: failed: types, format" in said
    for words in ("→ types …\none word\n", "→ ruff …\nanother\n", "→ format …\na third\n"):
        assert words in said


def test_all_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "_checks", lambda: [_part("types", says="", status=0)])
    assert check.run() == 0
    assert capsys.readouterr().err == "→ types …\ncheck: all passed\n"
