"""cunjing accounts add."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from tests.support.places_factories import found_policed_county

from cunjing.accounts.models import Grant, User
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.commands.management.commands import accounts

pytestmark = pytest.mark.django_db

SECRET = "Zao-hui-8-dian"
ASKED = {"username": "bureau", "name": "示例", "role": "county_bureau", "unit": "990101"}


class Terminal(io.StringIO):
    """A standard input somebody types at."""

    def isatty(self) -> bool:
        return True


Piped = Callable[[str], None]


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Make text arrive on standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.fixture(autouse=True)
def _county() -> None:
    found_policed_county(code="990101", townships=1, villages=1)


def run(*more: str, **changed: str) -> str:
    out = io.StringIO()
    options = [f"--{name}={value}" for name, value in (ASKED | changed).items()]
    call_command("accounts", "add", *options, *more, stdout=out)
    return out.getvalue()


def test_the_first_account_holds_its_role_from_today(piped: Piped) -> None:
    piped(f"{SECRET}\n")
    said = run()
    user = User.objects.get(username="bureau")
    assert user.check_password(SECRET)
    assert (user.unit_code, user.must_change_password) == ("990101", True)
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.unit_code) == (Role.COUNTY_BUREAU, "990101")
    assert grant.valid_from == today()
    assert "首次登录须修改密码" in said
    assert SECRET not in said


def test_a_generated_password_is_printed_once_and_works() -> None:
    start = today() + timedelta(days=3)
    secret = run("--generate", f"--from={start}").strip().rpartition("：")[2]
    user = User.objects.get(username="bureau")
    assert user.check_password(secret)
    assert user.must_change_password
    assert Grant.objects.get(user=user).valid_from == start


def test_a_password_typed_at_the_terminal_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([SECRET, SECRET])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(accounts, "getpass", lambda _prompt: next(typed))
    run()
    assert User.objects.get(username="bureau").check_password(SECRET)
    assert list(typed) == []


def test_two_different_passwords_make_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([SECRET, "Zao-hui-9-dian"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(accounts, "getpass", lambda _prompt: next(typed))
    with pytest.raises(CommandError, match="不一样") as caught:
        run()
    assert caught.value.returncode == 2
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "changed", "told"),
    [
        ("12345", {}, "密码太短，至少要10位。"),
        ("", {}, "密码太短，至少要10位。"),
        (SECRET, {"unit": "990109"}, "没有代码为990109的单位"),
        (SECRET, {"role": "captain"}, "county_bureau"),
        (SECRET, {"username": "a b"}, "登录名用3至60个字母"),
        (SECRET, {"name": " "}, "请填写姓名"),
        (SECRET, {"from": "2026-13-01"}, "2026-13-01"),
    ],
)
def test_a_refusal_says_what_to_do_and_leaves_nothing(
    piped: Piped, password: str, changed: dict[str, str], told: str
) -> None:
    piped(f"{password}\n")
    with pytest.raises(CommandError, match=told) as caught:
        run(**changed)
    assert caught.value.returncode == 2
    assert not User.objects.exists()


def test_a_login_name_is_taken_once(piped: Piped) -> None:
    piped(f"{SECRET}\n{SECRET}\n")
    run()
    with pytest.raises(CommandError, match="已有人用"):
        run()
    assert User.objects.count() == 1
