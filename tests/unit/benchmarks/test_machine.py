"""What a page says of the machine."""

import re

from benchmarks import _machine


def test_a_page_says_when_where_and_at_which_pace() -> None:
    said = _machine.about()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d, \w+, \d+ cores, \d+ ms for 300,000 SHA-256 in a row", said
    )
    assert _machine.pace() > 0
