"""Days that somebody decided: which of them can be kept."""

from collections.abc import Sequence
from datetime import date

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.model import FixedDay, Note
from cunjing.planning.month.reasons import ELSEWHERE, NOT_POSTED, NoteCause, day_word

_NOT_THIS_MONTH = "不在本月"


def accepted(
    month: Month, pairs: Sequence[Pair], fixed: Sequence[FixedDay]
) -> tuple[frozenset[tuple[Pair, date]], list[Note]]:
    """The days kept, and a note for each that is refused or falls on a rest day.

    Of two villages decided for one person on one day the first in order of code is kept.
    """
    by_name = {(pair.staff_id, pair.village_code): pair for pair in pairs}
    kept: set[tuple[Pair, date]] = set()
    notes = []
    for item in sorted(set(fixed), key=lambda one: (one.day, one.staff_id, one.village_code)):
        pair = by_name.get((item.staff_id, item.village_code))
        barrier = _barrier(month, pair, item.day)
        if pair is not None and barrier is None:
            if any(on == item.day and other.staff_id == item.staff_id for other, on in kept):
                barrier = ELSEWHERE
            else:
                kept.add((pair, item.day))
        if barrier is not None:
            text = f"{day_word(item.day)}定下的进村没有采用：{barrier}"
            notes.append(_note(NoteCause.FIXED_REFUSED, item, text))
        elif item.day not in month.working:
            text = f"{day_word(item.day)}是休息日，按人工定下的进村保留"
            notes.append(_note(NoteCause.FIXED_REST, item, text))
    return frozenset(kept), notes


def barrier_to(month: Month, pairs: Sequence[Pair], item: FixedDay) -> str | None:
    """What forbids a person to decide on a day, in Chinese; None if nothing does."""
    by_name = {(pair.staff_id, pair.village_code): pair for pair in pairs}
    return _barrier(month, by_name.get((item.staff_id, item.village_code)), item.day)


def _barrier(month: Month, pair: Pair | None, day: date) -> str | None:
    if pair is None:
        return NOT_POSTED
    if day not in month.days:
        return _NOT_THIS_MONTH
    return month.hard_barrier(pair, day)


def _note(cause: NoteCause, item: FixedDay, text: str) -> Note:
    return Note(
        cause=cause,
        text=text,
        staff_id=item.staff_id,
        village_code=item.village_code,
        day=item.day,
    )
