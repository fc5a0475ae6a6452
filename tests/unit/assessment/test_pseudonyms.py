"""Stand-ins for ids."""

from pathlib import Path

from pytest_django import Settings

from cunjing.assessment.pseudonyms import Pseudonyms, installation_pseudonyms


def test_one_id_has_one_stand_in_per_key() -> None:
    first, other = Pseudonyms(key=b"1"), Pseudonyms(key=b"2")
    assert first.of("a") == first.of("a") != other.of("a")
    assert first.of("a") != first.of("b")
    assert len(first.of("a")) == 32


def test_an_installation_keeps_its_key_to_itself(settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    again = installation_pseudonyms()
    assert again == installation_pseudonyms()
    assert (tmp_path / "pseudonym-key").stat().st_mode & 0o077 == 0
