"""One made-up world for all tests of the console; what a test does there is taken back."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.support.console_visitors import undone
from tests.support.console_world import World, console_world


@pytest.fixture(scope="package")
def _world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Judging six months takes seconds, so it is done once, in a transaction around all tests."""
    with django_db_blocker.unblock(), undone():
        yield console_world()


@pytest.fixture
def db(_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plugin's fixture of this name would close the connection the world is held open by."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(db: None, _world: World) -> World:
    """The world as it was made."""
    return _world
