"""Stand-ins for ids."""

from pytest_django import Settings

from cunjing.assessment.pseudonyms import Pseudonyms, installation_pseudonyms


def test_one_id_has_one_stand_in_per_key() -> None:
    first, other = Pseudonyms(key=b"1"), Pseudonyms(key=b"2")
    assert first.of("a") == first.of("a") != other.of("a")
    assert first.of("a") != first.of("b")
    assert len(first.of("a")) == 32


def test_stand_ins_follow_the_key_of_the_installation(settings: Settings) -> None:
    settings.PSEUDONYM_KEY = "one"
    assert installation_pseudonyms() == Pseudonyms(key=b"one")
