"""One roster's world for all tests here; what a test does to it is taken back."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.support.console_visitors import undone
from tests.support.roster_world import RosterWorld, read_anew, roster_world


@pytest.fixture(scope="package")
def _roster(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RosterWorld]:
    with django_db_blocker.unblock(), undone():
        yield roster_world()


@pytest.fixture
def db(_roster: RosterWorld, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plugin's fixture of this name would close the connection the world is held open by."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def roster(db: None, _roster: RosterWorld) -> RosterWorld:
    """The world as it was made."""
    return read_anew(_roster)
