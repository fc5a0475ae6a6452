"""Every table has its migration."""

import pytest

from cunjing.cli import main


@pytest.mark.django_db
def test_no_model_waits_for_a_migration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["makemigrations", "--check", "--dry-run"]) == 0
    assert "No changes detected" in capsys.readouterr().out
