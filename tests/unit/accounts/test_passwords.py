"""Passwords are long enough, and a short one is refused in Chinese."""

import pytest
from django.core.exceptions import ValidationError

from cunjing.accounts.passwords import LongEnough


def test_a_short_password_is_told_how_long_it_must_be() -> None:
    validator = LongEnough(min_length=10)
    validator.validate("a" * 10)
    with pytest.raises(ValidationError) as caught:
        validator.validate("a" * 9)
    assert caught.value.messages == ["密码太短，至少要10位。"]
    assert validator.get_help_text() == "密码至少10位。"
