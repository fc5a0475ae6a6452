"""Every test here stands in the same September, with a key for every role."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from pytest_django.plugin import DjangoDbBlocker
from tests.support import api_factories
from tests.support.console_visitors import undone


@pytest.fixture(scope="module")
def _world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[api_factories.World]:
    """A module's world, made once, in a transaction around its tests; a judged month takes long."""
    with django_db_blocker.unblock(), undone():
        yield api_factories.world()


@pytest.fixture
def db(_world: api_factories.World, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plugin's fixture of this name would close the connection the world is held open by."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(db: None, _world: api_factories.World) -> api_factories.World:
    """The county behind the API, as it was made."""
    return _world


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """Keep the test's connection when a whole application answers, as Django's client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
