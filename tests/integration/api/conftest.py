"""Every test here stands in the same September, with a key for every role."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from tests.support import api_factories


@pytest.fixture
def world(db: None) -> api_factories.World:
    """The county behind the API."""
    return api_factories.world()


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """Keep the test's connection when a whole application answers, as Django's client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
