"""Names, dates and which roles may be conferred."""

from datetime import date

import pytest

from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.accounts.rules import (
    check_conferrable,
    check_interval,
    check_names,
    check_place,
    check_token_expiry,
)
from cunjing.base.errors import Problem

TODAY = date(2026, 9, 1)
MAY_GIVE = {
    Role.COUNTY_BUREAU: set(Role),
    Role.STATION_CHIEF: {Role.STATION_CHIEF, Role.OFFICER, Role.AUXILIARY},
    Role.OFFICER: {Role.OFFICER, Role.AUXILIARY},
    Role.AUXILIARY: {Role.AUXILIARY},
    Role.AUDITOR: {Role.AUDITOR},
    Role.ADMINISTRATOR: {Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_rights_they_lack(giver: Role, role: Role) -> None:
    """Holding the rights is one half; the right to manage accounts is asked separately."""
    if role in MAY_GIVE[giver]:
        check_conferrable(role=role, held=PERMISSIONS_OF[giver])
        return
    with pytest.raises(Problem) as refused:
        check_conferrable(role=role, held=PERMISSIONS_OF[giver])
    assert refused.value.status == 403


@pytest.mark.parametrize("username", ["ab", "-abc", "张三", "a b c", "a" * 61, ""])
def test_login_names_are_plain(username: str) -> None:
    with pytest.raises(Problem) as refused:
        check_names(username=username, display_name=" ")
    assert [fault.field for fault in refused.value.faults] == ["username", "display_name"]


def test_sound_names_pass() -> None:
    check_names(username="A001.demo-1", display_name="示例甲")


def test_a_grant_has_a_day_and_one_place() -> None:
    check_interval(valid_from=TODAY, valid_to=None)
    check_interval(valid_from=TODAY, valid_to=date(2026, 9, 2))
    with pytest.raises(Problem):
        check_interval(valid_from=TODAY, valid_to=TODAY)
    check_place(unit_code="990101", village_code="")
    for unit_code, village_code in (("", ""), ("990101", "990101101201")):
        with pytest.raises(Problem):
            check_place(unit_code=unit_code, village_code=village_code)


@pytest.mark.parametrize(
    ("expires_on", "accepted"),
    [
        (date(2026, 9, 1), False),
        (date(2026, 9, 2), True),
        (date(2027, 9, 2), True),
        (date(2027, 9, 3), False),
    ],
)
def test_keys_live_from_a_day_to_a_year(expires_on: date, accepted: bool) -> None:
    if accepted:
        check_token_expiry(expires_on=expires_on, today=TODAY)
        return
    with pytest.raises(Problem):
        check_token_expiry(expires_on=expires_on, today=TODAY)
