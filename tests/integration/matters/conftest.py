"""Every test here stands in the same made-up county."""

import pytest
from tests.support.fieldwork_factories import County, county


@pytest.fixture
def world(db: None) -> County:
    """The county."""
    return county()
