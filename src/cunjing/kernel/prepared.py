"""Queries that are asked all the time: made into SQL once, asked with other values ever after.

Django makes the SQL of a query set anew each time it is evaluated, which costs ten times what
SQLite takes to answer a small question. Here that is done once for each form of the values.

    @prepared
    def _grants(*, user_id: UUID, on: date) -> QuerySet[Grant]:
        return Grant.objects.filter(user_id=user_id, valid_from__lte=on)

    _grants(user_id=..., on=...)  # a list of grants

The function must make its query of its parameters only, and hand them on as they are: no `today()`
within, no day before the one given. Where the values stand is found by making the SQL twice, with
two sets of values nobody else has; what then cannot be placed is a fault and raises TypeError.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 16
"""Lists up to this long have SQL of their own for each length, longer ones for each power of two:
their last value is repeated. A list is therefore for `in` and for nothing else."""
MOST = 2048

_FAR = datetime(3000, 1, 1, tzinfo=UTC)
_MARK = uuid4()
# By exact type: the n-th value nobody else has. Of everything else the value itself is part of the
# form.
_STAND_INS: Mapping[type, Callable[[int], Any]] = {
    UUID: lambda n: UUID(int=_MARK.int ^ n),
    str: lambda n: f"{_MARK}-{n}",
    date: lambda n: _FAR.date() + timedelta(days=n),
    datetime: lambda n: _FAR + timedelta(minutes=n),
}
_COLUMNS: Mapping[type, models.Field[Any, Any]] = {
    UUID: models.UUIDField(),
    date: models.DateField(),
    datetime: models.DateTimeField(),
}


def prepared(build: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """The rows of the query that `build` makes of its keywords; see above."""
    plans: dict[Hashable, _Plan] = {}

    @wraps(build)
    def ask(*args: P.args, **given: P.kwargs) -> list[R]:
        values = {name: _padded(value) for name, value in given.items()}
        form = _form_of_all(values)
        if form is None:
            return list(build(*args, **given))
        database = connections[DEFAULT_DB_ALIAS]
        key = database.vendor, form
        plan = plans.get(key)
        if plan is None:
            plan = plans[key] = _planned(cast("Callable[..., QuerySet[Any, Any]]", build), values)
        return cast("list[R]", plan.rows(values, database=database))

    return ask


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a query set asks of its query when it is evaluated: who puts the question."""

    compiler: Any

    def get_compiler(self, *_: object, **__: object) -> Any:
        return self.compiler


@dataclass(frozen=True, slots=True)
class _Plan:
    """The SQL of a query set. `constants` are its parameters as they were when it was made; at each
    of the `places` a value stands: the name of its keyword, and where in that list."""

    rows_of: QuerySet[Any, Any]
    compiler: Any
    sql: str
    constants: Sequence[object]
    places: Sequence[tuple[int, str, int | None]]
    columns: Sequence[Any]
    locks: bool
    number: int = field(default_factory=count().__next__)

    def rows(self, values: Mapping[str, Any], *, database: BaseDatabaseWrapper) -> list[Any]:
        """Ask with these values."""
        if self.locks and database.get_autocommit():
            raise TransactionManagementError("a lock outside a transaction holds nothing")
        params = list(self.constants)
        for place, name, at in self.places:
            value = values[name]
            params[place] = _as_parameter(value if at is None else value[at], database=database)
        # How columns are read hangs on the connection, so it is kept there and ends with it.
        readers = vars(database).setdefault("_cunjing_readers", {})
        # Twins of those the SQL was made of, but for what is asked and on which connection.
        compiler = _twin(self.compiler, connection=database, as_sql=lambda: (self.sql, params))
        read = readers.get(self.number)
        if read is None:
            read = readers[self.number] = compiler.get_converters(self.columns)
        compiler.get_converters = lambda _: read
        return list(_twin(self.rows_of, _query=_Bound(compiler), _result_cache=None))


def _twin(one: Any, **changed: object) -> Any:
    twin = object.__new__(type(one))
    twin.__dict__.update(one.__dict__, **changed)
    return twin


def _planned(build: Callable[..., QuerySet[Any, Any]], values: Mapping[str, Any]) -> _Plan:
    numbers = count(1)  # no value twice, in neither of the two
    (rows, compiler, sql, params, names), (_, _, again, others, _) = (
        _compiled(build, {name: _standing_in(value, numbers) for name, value in values.items()})
        for _ in range(2)
    )
    if sql != again or len(params) != len(others):
        raise TypeError(f"{build.__qualname__}: the SQL itself holds a value")
    places = []
    for place, (one, other) in enumerate(zip(params, others, strict=True)):
        if one != other:
            found = names.get(one)
            if found is None:
                raise TypeError(f"{build.__qualname__}: makes another value of one it was given")
            places.append((place, *found))
    if {(name, at) for _, name, at in places} != set(names.values()):
        raise TypeError(f"{build.__qualname__}: does not ask for all it was given")
    columns = [one for one, *_ in compiler.select[: compiler.col_count]]
    locks = bool(rows.query.select_for_update)
    kept = _twin(compiler, connection=None)  # no plan keeps a connection open
    return _Plan(rows, kept, sql, params, places, columns=columns, locks=locks)


def _compiled(
    build: Callable[..., QuerySet[Any, Any]], given: Mapping[str, Any]
) -> tuple[QuerySet[Any, Any], Any, str, list[Any], dict[Any, tuple[str, int | None]]]:
    rows = build(**given)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    names: dict[Any, tuple[str, int | None]] = {}
    for name, value in given.items():
        if isinstance(value, list):
            names |= {
                _as_parameter(one, database=connection): (name, at) for at, one in enumerate(value)
            }
        elif type(value) in _STAND_INS:
            names[_as_parameter(value, database=connection)] = name, None
    return rows, compiler, sql, list(params), names


def _as_parameter(value: Any, *, database: Any) -> Any:
    column = _COLUMNS.get(type(value))
    return value if column is None else column.get_db_prep_value(value, database)


def _standing_in(value: Any, numbers: Iterator[int]) -> Any:
    if isinstance(value, list):
        return [_STAND_INS[type(one)](next(numbers)) for one in value]
    make = _STAND_INS.get(type(value))
    return value if make is None else make(next(numbers))


def _padded(value: Any) -> Any:
    if isinstance(value, list) and LONGEST < len(value) <= MOST:
        return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))
    return value


def _form_of_all(values: Mapping[str, Any]) -> Hashable:
    """What the SQL hangs on; None where these values have none of their own."""
    forms = []
    for name, value in values.items():
        form = _form(value)
        if form is None:
            return None
        forms.append((name, form))
    return tuple(forms)


def _form(value: Any) -> Hashable:
    kind: type = type(value)
    if kind in _STAND_INS:
        return kind
    if isinstance(value, list):
        kinds = set(map(type, value))
        fits = len(kinds) == 1 and len(value) <= MOST and kinds <= _STAND_INS.keys()
        return (len(value), kinds.pop()) if fits else None
    return "=", value
