"""Whole tables as they stand, without a query built anew: the checks read the same few dozen rows
thousands of times over, and building Django's queries took longer than everything that is checked.

The statement, and what turns the database's values into Python's, are Django's own, made once.
"""

from collections import namedtuple
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

_Prepared = tuple[str, Any, Any, Any]


def table(model: type[Model], *names: str) -> list[Any]:
    """These columns of all rows, in no order, under their names; `a__b` is a column of what `a`
    refers to."""
    statement, compiler, converters, row = _prepared(model, names)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall()
    return [row._make(one) for one in compiler.apply_converters(found, converters)]


def column(model: type[Model], name: str) -> list[Any]:
    """One column of all rows, in no order."""
    return [one for (one,) in table(model, name)]


@cache
def _prepared(model: type[Model], names: tuple[str, ...]) -> _Prepared:
    query = model._default_manager.order_by().values_list(*names).query
    compiler = query.get_compiler(connection=connection)
    statement, values = compiler.as_sql()
    if values:
        raise ValueError(f"{model.__name__}: {names} are no plain columns")
    converters = compiler.get_converters([one for one, *_ in compiler.select])
    return statement, compiler, converters, namedtuple("Row", names)
