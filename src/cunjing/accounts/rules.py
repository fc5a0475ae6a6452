"""Pure checks of account data: names, dates, and which roles may be conferred."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from cunjing.accounts.roles import Role, rights_to_confer
from cunjing.base.errors import FieldFault, forbidden, invalid
from cunjing.kernel.permissions import Permission

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")
MAX_TOKEN_DAYS = 366


def check_names(*, username: str, display_name: str) -> None:
    """Raise unless the login name is 3 to 60 plain characters and a display name is given."""
    faults = []
    if not USERNAME.fullmatch(username):
        faults.append(
            FieldFault(
                "username", "登录名用3至60个字母、数字、点、横线，以字母或数字开头，例如警号。"
            )
        )
    if not 1 <= len(display_name.strip()) <= 40:
        faults.append(FieldFault("display_name", "请填写姓名，不超过40个字。"))
    if faults:
        raise invalid("账号没有建立，请改正标出的项。", *faults)


def check_interval(*, valid_from: date, valid_to: date | None) -> None:
    """Raise unless the half-open interval has at least one day."""
    if valid_to is not None and valid_to <= valid_from:
        raise invalid(
            "授权止日必须晚于起日。",
            FieldFault("valid_to", "止日当天不再有效，请填更晚的日期。"),
        )


def check_place(*, unit_code: str, village_code: str) -> None:
    """Raise unless exactly one of unit and village is named."""
    if bool(unit_code) == bool(village_code):
        raise invalid("授权要么针对一个单位，要么针对一个村，请只选一个。")


def check_conferrable(*, role: Role, held: Iterable[Permission]) -> None:
    """Raise where `role` carries a right that the giver does not hold in the same place."""
    missing = rights_to_confer(role) - frozenset(held)
    if missing:
        labels = "、".join(sorted(permission.label for permission in missing))
        raise forbidden(f"您在这里没有“{labels}”的权限，不能授予“{role.label}”角色。")


def check_token_expiry(*, expires_on: date, today: date) -> None:
    """Raise unless the last day lies after today and at most `MAX_TOKEN_DAYS` days ahead."""
    if not today < expires_on <= today + timedelta(days=MAX_TOKEN_DAYS):
        raise invalid(
            "密钥没有建立。",
            FieldFault("expires_on", f"到期日请填明天起、{MAX_TOKEN_DAYS}天以内的日期。"),
        )
