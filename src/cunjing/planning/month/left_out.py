"""Why a household is not in the plan."""

from collections.abc import Mapping, Sequence
from datetime import date

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.model import LeftOut, Need
from cunjing.planning.month.options import Options, clock
from cunjing.planning.month.reasons import LeftCause, day_word, joined
from cunjing.planning.month.work import Shift, VillageWork


class Leaving:
    """Explains households of one village that were not planned."""

    def __init__(
        self, *, month: Month, pairs: Sequence[Pair], work: VillageWork, options: Options
    ) -> None:
        self._month, self._pairs, self._work, self._options = month, pairs, work, options
        self._index: Mapping[str, int] = {
            need.household_id: index for index, need in enumerate(work.needs)
        }

    def explain(self, need: Need) -> LeftOut:
        """The first cause that holds."""
        cause, reason = self._cause(need)
        return LeftOut(
            household_id=need.household_id,
            village_code=need.village_code,
            cause=cause,
            reason=reason,
        )

    def _cause(self, need: Need) -> tuple[LeftCause, str]:
        if need.prize == 0:
            return LeftCause.NOT_NEEDED, "需要程度是0，本月不用走访"
        if not self._pairs:
            return LeftCause.NOBODY, "本月没有人包这个村"
        dated = self._date(need, need.fixed_date) if need.fixed_date else None
        if dated is not None:
            return dated
        if not self._work.shifts:
            return LeftCause.NO_DAY, "本月没有排上进村的日子"
        return self._hours(need)

    def _date(self, need: Need, agreed: date) -> tuple[LeftCause, str] | None:
        word = day_word(agreed)
        if agreed not in self._month.days:
            return LeftCause.DATE_OUTSIDE, f"约在{agreed}，不在本月"
        barriers = [self._month.hard_barrier(pair, agreed) for pair in self._pairs]
        if all(barriers):
            said = joined(word for word in barriers if word)
            return LeftCause.DATE_AWAY, f"约在{word}，当天去不了：{said}"
        if any(shift.day == agreed for shift in self._work.shifts):
            return None
        if agreed not in self._month.working:
            return LeftCause.DATE_REST, f"约在{word}，是休息日，请改约或定下这天进村"
        return LeftCause.DATE_NOT_VISITED, f"约在{word}，当天没有排上进村，请改约或定下这天进村"

    def _hours(self, need: Need) -> tuple[LeftCause, str]:
        length = self._work.length(self._index[need.household_id])
        if length > max(shift.end - shift.start for shift in self._work.shifts):
            return LeftCause.TOO_LONG, f"要{length}分钟，半天排不下，请分次或减少时间"
        if not any(self._fits_alone(need, shift) for shift in self._work.shifts):
            return LeftCause.WINDOW, self._window(need, length)
        if need.fixed_date is not None:
            word = day_word(need.fixed_date)
            return LeftCause.DATE_CLASH, f"约在{word}，与当天更需要的走访在时间上冲突，请改约"
        return LeftCause.NO_TIME, "进村的日子都排满了，排上的是更需要或更顺路的户"

    def _fits_alone(self, need: Need, shift: Shift) -> bool:
        return self._work.may(self._index[need.household_id], shift)

    def _window(self, need: Need, length: int) -> str:
        if need.window_from is None and need.window_to is None:
            return f"路上加{length}分钟，半天排不下"
        early = clock(need.window_from) if need.window_from is not None else "最早"
        late = clock(need.window_to) if need.window_to is not None else "最晚"
        return f"只能在{early}至{late}走访，除去午休和路程，工作时间里排不下{length}分钟"
