"""Every test here stands in the same made-up September."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker
from tests.support.assessment_factories import september
from tests.support.console_visitors import undone

from cunjing.assessment import collecting


@pytest.fixture(scope="module")
def _september(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), undone():
        september()
        yield


@pytest.fixture
def db(_september: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plugin's fixture of this name would close the connection September is held open by."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture(autouse=True)
def _world(db: None, settings: Settings, tmp_path: Path) -> None:
    """What a test does there is taken back; its var folder is its own."""
    settings.VAR = tmp_path / "var"


@pytest.fixture
def everything_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were a form for whatever a rule asks for, and one that closes a matter."""
    monkeypatch.setattr(collecting, "is_collected", lambda _rule: True)
