"""Browsers of the made-up people, and what is stored, to see whether a page changed anything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from tests.support.console_world import World

READING = ("SELECT ", "SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def visitor(world: World, name: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(world.users[name], backend=BACKEND)
    return client


def same_visitor(client: Client) -> Client:
    """Another window of the same session: what one does to its cookies the other does not see."""
    window = Client()
    window.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[
        settings.SESSION_COOKIE_NAME
    ].value
    return window


@contextmanager
def writing() -> Iterator[list[str]]:
    """The statements sent meanwhile that may write: where there are none, nothing has changed."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(READING):
            seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def stored() -> dict[str, int]:
    """How many rows each of our tables holds; every write adds an audit entry."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return dict(cursor.fetchall())


@cache
def _counting() -> str:
    """One statement for all tables: asked table by table it was half of the time of a walk."""
    ours = [model._meta for model in apps.get_models() if model.__module__.startswith("cunjing.")]
    return " UNION ALL ".join(
        f"SELECT '{meta.label}', COUNT(*) FROM {connection.ops.quote_name(meta.db_table)}"  # noqa: S608 - names of our own
        for meta in ours
    )


@contextmanager
def undone() -> Iterator[None]:
    """Do something in the database and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
