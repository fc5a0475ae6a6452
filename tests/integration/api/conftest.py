"""Every test here stands in the same September, with a key for every role."""

import pytest
from tests.support import api_factories


@pytest.fixture
def world(db: None) -> api_factories.World:
    """The county behind the API."""
    return api_factories.world()
