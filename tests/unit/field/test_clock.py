"""The phone speaks of a clock that is ahead before the server refuses what it writes."""

import re
from datetime import timedelta
from pathlib import Path

from cunjing.fieldwork.rules import CLOCK_SKEW

LEASE = Path(__file__).resolve().parents[3] / "field/src/core/lease.ts"


def test_a_clock_is_called_ahead_before_what_it_shows_is_refused() -> None:
    said = re.search(r"^export const MOST_AHEAD_MS = (\d+) \* 60_000;$", LEASE.read_text(), re.M)
    assert said is not None
    assert timedelta(0) < timedelta(minutes=int(said[1])) < CLOCK_SKEW
