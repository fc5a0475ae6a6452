"""A made-up county, and a var folder of its own for keys."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.fieldwork_factories import County, county


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> County:
    """The county."""
    settings.VAR = tmp_path
    return county()
