"""Which known name somebody may have meant."""

import pytest

from cunjing.policy.likeness import perhaps

KNOWN = ("五（一）-1", "五（一）-2", "visit-days", "visit-log")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("五(一)-2", "，是不是“五（一）-2”"),
        ("五（一）－２", "，是不是“五（一）-2”"),
        ("Visit-Days ", "，是不是“visit-days”"),
        ("visit-day", "，是不是“visit-days”"),
        ("visits-log", "，是不是“visit-log”"),
        ("演练", ""),
        ("", ""),
    ],
)
def test_the_name_most_like_it_or_none(name: str, said: str) -> None:
    assert perhaps(name, KNOWN) == said


def test_of_nothing_known_there_is_none() -> None:
    assert perhaps("visit-days", ()) == ""
