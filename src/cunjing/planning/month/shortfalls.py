"""What a calendar could not do as wished, with the reason on every day that was in the way."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.model import Note, VillageDay
from cunjing.planning.month.options import Options
from cunjing.planning.month.reasons import (
    ELSEWHERE,
    NO_CAR,
    NOT_POSTED,
    OFF_DUTY,
    REST,
    TOO_CLOSE,
    NoteCause,
    joined,
    part_word,
)

_NOT_ASKED = frozenset((NOT_POSTED, OFF_DUTY))


class Shortfalls:
    """Looks at the days of one plan; `cars` is the number of cars by unit, absent = not limited."""

    def __init__(
        self,
        *,
        month: Month,
        days: Sequence[VillageDay],
        cars: Mapping[str | None, int],
        options: Options,
        pairs: Sequence[Pair],
    ) -> None:
        self._month, self._cars, self._options, self._pairs = month, cars, options, pairs
        self._of_pair: dict[tuple[str, str], list[date]] = defaultdict(list)
        self._busy: set[tuple[str, date]] = set()
        self._out: Counter[tuple[str | None, date]] = Counter()
        for item in days:
            self._of_pair[item.staff_id, item.village_code].append(item.day)
            self._busy.add((item.staff_id, item.day))
            self._out[month.officers[item.staff_id].unit_code, item.day] += 1

    def notes(self) -> Iterator[Note]:
        """One note for each part of the month, and for each month, that is short."""
        for pair in self._pairs:
            missing = 0
            for note in self._parts(pair):
                missing += note.missing
                yield note
            yield from self._whole(pair, missing)

    def _parts(self, pair: Pair) -> Iterator[Note]:
        aim = self._options.aims[pair.role]
        days = self._of_pair[pair.staff_id, pair.village_code]
        for index, (start, end) in enumerate(self._month.period.sub_periods(aim.part)):
            missing = aim.each_part - sum(start <= day < end for day in days)
            inside = [day for day in self._month.days if start <= day < end]
            if missing > 0 and self._asked(pair, inside):
                text = f"{part_word(aim.part, index)}少{missing}天进村，{self._why(pair, inside)}"
                yield _note(NoteCause.PART_SHORT, pair, text, missing)

    def _whole(self, pair: Pair, said: int) -> Iterator[Note]:
        aim = self._options.aims[pair.role]
        missing = aim.month_days - len(self._of_pair[pair.staff_id, pair.village_code])
        if missing > 0:
            text = f"本月少{missing}天进村"
            text += "，见各旬的说明" if said else f"，{self._why(pair, self._month.days)}"
            yield _note(NoteCause.MONTH_SHORT, pair, text, missing)

    def _asked(self, pair: Pair, inside: Sequence[date]) -> bool:
        """Whether the person serves the village on any of these days at all."""
        return any(self._month.hard_barrier(pair, day) not in _NOT_ASKED for day in inside)

    def _why(self, pair: Pair, inside: Sequence[date]) -> str:
        barriers = {day: self._month.barrier(pair, day) for day in inside}
        closed = [word for word in barriers.values() if word is not None]
        if len(closed) == len(barriers):
            named = [word for word in closed if word != REST] or [REST]
            return f"没有可用的日子：{joined(named)}"
        taken = (self._taken(pair, day) for day, word in barriers.items() if word is None)
        others = (word for word in closed if word != REST)
        return f"可用的日子排不进：{joined([*taken, *others])}"

    def _taken(self, pair: Pair, day: date) -> str:
        if (pair.staff_id, day) in self._busy:
            return ELSEWHERE
        unit = self._month.officers[pair.staff_id].unit_code
        if unit in self._cars and self._out[unit, day] >= self._cars[unit]:
            return NO_CAR
        return TOO_CLOSE


def _note(cause: NoteCause, pair: Pair, text: str, missing: int) -> Note:
    return Note(
        cause=cause,
        text=text,
        staff_id=pair.staff_id,
        village_code=pair.village_code,
        missing=missing,
    )
