"""The phone offers what the server takes: the same lists, the same limits."""

from tests.support.field_choices import TARGET, rendered


def test_the_phones_words_are_those_of_the_domains() -> None:
    again = "PYTHONPATH=src .venv/bin/python -m tests.support.write_field_choices"
    assert TARGET.read_text("utf-8") == rendered(), f"write them anew: {again}"
