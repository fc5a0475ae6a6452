"""Every test here stands in the same made-up September."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.assessment_factories import september


@pytest.fixture(autouse=True)
def _world(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    september()
