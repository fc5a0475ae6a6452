"""Applying the new lines of a push, inside its transaction: each gets its stored result.

Lines of one act that follow each other are done as one whole in a savepoint; where that is refused
the two halves are tried, down to the line that is at fault. Order is kept throughout.
"""

import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Protocol
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from pydantic import BaseModel

from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_since
from cunjing.api.problems import problem_body
from cunjing.base.clock import local_date, today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.sync.acts import ACTS, Act, Made, Ready, Rows, made_ready, mended_by, weight
from cunjing.sync.bodies import read_body, upcast
from cunjing.sync.keys import ServerKey
from cunjing.sync.lines import Line
from cunjing.sync.mending import lines_replaced, settle_replaced
from cunjing.sync.merging import Change
from cunjing.sync.models import MutationResult
from cunjing.sync.schemas import check_schema

# A right that ends today was still held yesterday, though the phone may have heard of it today.
GRACE = timedelta(days=1)
# What `record_many` takes well; a database takes only so many ids in one question.
AT_ONCE = 2000
# What a line can do to us by what it says. Whatever else fails is no fault of a line: it is raised,
# nothing is kept, and the device sends again.
_OURS = (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError)
_NUL = rb"\u0000"

log = logging.getLogger(__name__)

_SQLITE_NAMES = re.compile(r"constraint failed: ([\w., ]+)$")


@dataclass(frozen=True, slots=True)
class Done:
    """The result of one line; `change` where it merged fields. `erased`: its content was deleted
    where it had come before, and is not kept again."""

    result: MutationResult
    problem: dict[str, object] | None = None
    rows: Rows = field(default_factory=list)
    change: Change | None = None
    erased: bool = False


@dataclass(slots=True)
class Evidence:
    """The anchors the lines of a device show: signed by us for it, and never going back."""

    key: ServerKey
    device_id: UUID
    newest: int
    _read: dict[str, tuple[int, datetime] | None] = field(default_factory=dict)

    def time_of(self, line: Line) -> datetime | None:
        """The time a line shows, None where it shows none that counts."""
        anchor = line.form.anchor
        said = str(anchor)
        if said not in self._read:
            self._read[said] = self.key.time_of(anchor, device_id=self.device_id)
        found = self._read[said]
        if found is None or found[0] < self.newest:
            return None
        self.newest = found[0]
        return found[1]


class Apply(Protocol):
    """What becomes of new lines: they are done, or set aside."""

    def __call__(
        self,
        lines: Sequence[Line],
        *,
        user: User,
        times: Sequence[datetime | None],
        known: set[UUID],
    ) -> dict[int, Done]: ...


@dataclass(frozen=True, slots=True)
class Task:
    """A line that was read: who does it, and what."""

    line: Line
    act: Act
    actor: Actor
    body: BaseModel | Ready


def ready_to_apply(lines: Sequence[Line]) -> Apply:
    """`apply` for some of these lines, their bodies read beforehand: a push is read before its
    transaction begins, since on SQLite nobody else writes while that is open."""
    return partial(apply, bodies={line.n: _body(line) for line in lines})


def apply(
    lines: Sequence[Line],
    *,
    user: User,
    times: Sequence[datetime | None],
    known: set[UUID],
    bodies: Mapping[int, BaseModel | Ready | Exception],
) -> dict[int, Done]:
    """Do new lines in order; the result of each by its number.

    `times` are those the lines show; `known` the ids of mutations the device sent before; `bodies`
    what each line says by its number, or why that cannot be read.
    """
    done: dict[int, Done] = {}
    actors: dict[object, Actor] = {}
    tasks = []
    for line, shown in zip(lines, times, strict=True):
        since = (local_date(shown) if shown else today()) - (GRACE if shown else timedelta())
        if since not in actors:
            actors[since] = actor_since(user=user, since=since)
        read = _task(line, body=bodies[line.n], actor=actors[since], known=known)
        if isinstance(read, Done):
            done[line.n] = read
        else:
            tasks.append(read)
    for (act, _), run in groupby(tasks, key=lambda task: (task.act, id(task.actor))):
        for part in _parts(run):
            done |= dict(_run(part, act=act))
    return done


def set_aside(
    lines: Sequence[Line], *, user: User, times: Sequence[datetime | None], known: set[UUID]
) -> dict[int, Done]:
    """Do nothing: lines handed over by a withdrawn device wait for a person, one by one."""
    detail = "设备停用后交回的记录，没有采纳，由派出所看过再定。"
    return {line.n: _quarantined(detail) for line in lines}


def _body(line: Line) -> BaseModel | Ready | Exception:
    form = line.form
    try:
        check_schema(form.schema_)
        body = upcast(form.body, type_name=form.type, schema=form.schema_)
        return made_ready(read_body(body, type_name=form.type, saved_at=form.saved_at))
    except (Problem, *_OURS) as error:
        return error


def _task(
    line: Line, *, body: BaseModel | Ready | Exception, actor: Actor, known: set[UUID]
) -> Task | Done:
    if line.id in known:
        return _quarantined("同一编号的记录已经用过，这一条留待查看，没有采纳。")
    known.add(line.id)
    if _NUL in line.raw:  # no text of PostgreSQL can hold it, not even that of a refusal
        return _quarantined("内容里有无法保存的字符，已留存，没有采纳。请重新登记。")
    if line.form.type not in ACTS:
        return _quarantined("服务器还不认识这一类记录，已留存，没有采纳。请联系管理人员。")
    if isinstance(body, Problem):
        return _refused(body)
    if isinstance(body, Exception):
        return _failed(line, body)
    return Task(line, ACTS[line.form.type], actor, body)


def _parts(run: Iterable[Task]) -> Iterator[list[Task]]:
    """A run in parts of at most `AT_ONCE` records, or of one line that asks for more."""
    part: list[Task] = []
    size = 0
    for task in run:
        size += weight(task.body)
        if part and size > AT_ONCE:
            yield part
            part, size = [], weight(task.body)
        part.append(task)
    if part:
        yield part


def _run(tasks: Sequence[Task], *, act: Act) -> Iterator[tuple[int, Done]]:
    try:
        with transaction.atomic():
            rows = _done_once(tasks, act=act)
    except (Problem, *_OURS) as error:
        if len(tasks) > 1:
            half = len(tasks) // 2
            yield from _run(tasks[:half], act=act)
            yield from _run(tasks[half:], act=act)
        else:
            line = tasks[0].line
            yield line.n, _refused(error) if isinstance(error, Problem) else _failed(line, error)
        return
    for task, made in zip(tasks, rows, strict=True):
        yield task.line.n, _done(made)


def _done_once(tasks: Sequence[Task], *, act: Act) -> Sequence[Made]:
    """Do them; the lines that mended ones among them stand for are kept from being done as well."""
    actor = tasks[0].actor
    replaced = [lines_replaced(mended_by(task.body), author_id=actor.user_id) for task in tasks]
    made = act(actor, [task.body for task in tasks])
    for lines, rows in zip(replaced, made, strict=True):
        if lines and not isinstance(rows, Change):
            settle_replaced(lines, actor=actor, permission=Permission.DEVICE_USE, rows=rows)
    return made


def _done(made: Made) -> Done:
    if isinstance(made, Change):
        return Done(made.result, rows=made.rows, change=made)
    return Done(MutationResult.ACCEPTED, rows=made)


def _refused(problem: Problem) -> Done:
    if problem.kind is ProblemKind.UPGRADE:
        return Done(MutationResult.QUARANTINED, problem_body(problem))
    return Done(MutationResult.REJECTED, problem_body(problem))


def _failed(line: Line, error: Exception) -> Done:
    log.error("mutation %s of type %s: %s", line.id, line.form.type, fault_name(error))
    return _quarantined("系统处理这一条时出错，已留存，没有采纳。请联系维护人员。")


def _quarantined(detail: str) -> Done:
    return Done(MutationResult.QUARANTINED, problem_body(Problem(ProblemKind.CONFLICT, detail)))


def fault_name(error: Exception) -> str:
    """What failed, for the log: kind, place in our code, and the constraint a database named.

    Never the text of the error: a database quotes the row in it, an address perhaps.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        one.filename.rpartition("/cunjing/")[2] + f":{one.lineno}"
        for one in frames
        if "/cunjing/" in one.filename
    ]
    where = f" at {places[-1]}" if places else ""
    diagnosis = getattr(error.__cause__, "diag", None)
    found = _SQLITE_NAMES.search(str(error)) if isinstance(error, IntegrityError) else None
    constraint = getattr(diagnosis, "constraint_name", None) or (found[1] if found else "")
    return f"{type(error).__name__}{where}{f', constraint {constraint}' if constraint else ''}"
