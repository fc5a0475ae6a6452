"""Chance that repeats itself."""

from datetime import UTC, datetime

from cunjing.demo.seed import chance, fixed_id

MOMENT = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def test_the_same_words_draw_the_same_numbers() -> None:
    assert chance("work", 1).random() == chance("work", 1).random()
    assert chance("work", 1).random() != chance("work", 2).random()


def test_ids_are_version_7_of_their_moment_and_differ_by_words() -> None:
    first = fixed_id("visit", 1, at=MOMENT)
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first.int >> 80 == int(MOMENT.timestamp() * 1000)
    assert first == fixed_id("visit", 1, at=MOMENT)
    assert first != fixed_id("visit", 2, at=MOMENT)
