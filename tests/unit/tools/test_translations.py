"""Catalogs are compiled when their text changed, and not otherwise."""

import gettext
from pathlib import Path

import pytest
from tools.runner import paths, translations

TEXT = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "保存"
msgstr "{said}"
"""


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog in a checkout of its own."""
    path = tmp_path / "locale/en/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT.format(said="Save"), "utf-8")
    (tmp_path / "core.txt").touch()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(paths, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(paths, "LOCALE_DIST", tmp_path / "locale/dist")
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")
    return path


def _compiled() -> Path:
    return paths.LOCALE_DIST / "en/LC_MESSAGES/django.mo"


def _said() -> str:
    with _compiled().open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext("保存")


@pytest.mark.usefixtures("catalog")
def test_a_catalog_is_compiled_where_it_is_looked_for() -> None:
    translations.ensure()
    assert _said() == "Save"


@pytest.mark.usefixtures("catalog")
def test_a_second_start_compiles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    translations.ensure()
    capsys.readouterr()
    translations.ensure()
    assert capsys.readouterr().err == ""


def test_changed_text_is_compiled_again(catalog: Path) -> None:
    translations.ensure()
    catalog.write_text(TEXT.format(said="Keep"), "utf-8")
    translations.ensure()
    assert _said() == "Keep"


@pytest.mark.usefixtures("catalog")
def test_a_missing_file_is_made_again() -> None:
    translations.ensure()
    _compiled().unlink()
    translations.ensure()
    assert _said() == "Save"
