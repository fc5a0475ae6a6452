"""One line that two phones of a person brought, and that waits twice.

A phone begun anew brings what was not taken under the ids it had; what the phone before it had
brought may wait still. Who decides about one decides about the other, where both say the same. The
id alone proves nothing: whatever else came under it is shown and decided by itself, and of lines
under one id at most one is ever taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from cunjing.base.errors import conflict
from cunjing.sync.lines import UnreadableLinesError, line_of
from cunjing.sync.models import NOT_DONE, Decision, DecisionOutcome, Mutation

_TAKEN = (DecisionOutcome.APPLIED, DecisionOutcome.ENTERED)


def same_words(one: Mutation, other: Mutation) -> bool:
    """Whether both say the same under one id: all but place in the chain, salt and anchor. Erased,
    both say nothing any more."""
    if one.content is None and other.content is None:
        return one.type == other.type
    said = _words(one)
    return said is not None and said == _words(other)


def twins_in(line: Mutation, lines: Iterable[Mutation]) -> list[Mutation]:
    """Those of some lines of the person that came under the id of this one."""
    return [
        other for other in lines if other.pk != line.pk and other.mutation_id == line.mutation_id
    ]


def undecided(lines: Sequence[Mutation]) -> list[Mutation]:
    """Those of some lines that wait for a person."""
    decided = set(Decision.objects.filter(mutation__in=lines).values_list("mutation_id", flat=True))
    return [line for line in lines if line.result in NOT_DONE and line.pk not in decided]


def check_not_done(line: Mutation, *, twins: Sequence[Mutation]) -> None:
    """Raise 40901 where another line under the id of this one says the same and was done: entered
    by hand, it would be there twice."""
    if any(twin.result not in NOT_DONE and same_words(line, twin) for twin in twins):
        raise conflict(
            "同一条由另一部手机又送来，已经登记，请不要另行登记，免得重复。"
            "请选采纳；不能采纳的，选不采纳。"
        )


def check_none_taken(line: Mutation, *, twins: Sequence[Mutation]) -> None:
    """Raise 40901 where another line under the id of this one is at the station. One that says the
    same and was done makes no difference: to do it again changes nothing."""
    taken = set(
        Decision.objects.filter(mutation__in=twins, outcome__in=_TAKEN).values_list(
            "mutation_id", flat=True
        )
    )
    for twin in twins:
        done = twin.result not in NOT_DONE and not same_words(line, twin)
        if done or twin.pk in taken:
            raise conflict(
                "同一条由另一部手机交来的那一份已经登记，这一份不能再采纳，免得重复。"
                "内容有出入的，请更正已登记的那一条，再选不采纳。"
            )


@dataclass(frozen=True, slots=True)
class Twice:
    """Lines of a list that came twice: keys of those to show, and of those that say what one shown
    says."""

    shown: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()


def came_twice(rows: QuerySet[Mutation]) -> Twice:
    """Which of some lines came twice under one id of one person. Asked of what waits: of few."""
    keys = ("device__user_id", "mutation_id")
    several = rows.order_by().values(*keys).annotate(times=Count("pk")).filter(times__gt=1)
    ids = {one["mutation_id"] for one in several}
    if not ids:
        return Twice()
    groups: dict[tuple[object, UUID], list[Mutation]] = {}
    lines = Mutation.objects.filter(pk__in=rows.order_by().values("pk"), mutation_id__in=ids)
    for line in lines.select_related("device").order_by("received_at", "id"):
        groups.setdefault((line.device.user_id, line.mutation_id), []).append(line)
    pairs = [group for group in groups.values() if len(group) > 1]
    repeated = {
        line.pk
        for group in pairs
        for place, line in enumerate(group)
        if any(same_words(line, before) for before in group[:place])
    }
    every = {line.pk for group in pairs for line in group}
    return Twice(frozenset(every - repeated), frozenset(repeated))


def _words(line: Mutation) -> tuple[str, int, str, dict[str, Any]] | None:
    """What a line says of itself; None where that was erased or cannot be read."""
    try:
        form = line_of(bytes(line.content or b"")).form
    except UnreadableLinesError:
        return None
    return form.type, form.schema_, form.saved_at, form.body
