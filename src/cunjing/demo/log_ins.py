"""The demo's accounts. One password for all, made at loading and kept beside the database.

A password written in the code would open every demo that somebody puts on a network.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cunjing.accounts.actions import create_user, grant_role
from cunjing.accounts.models import User
from cunjing.accounts.roles import Role
from cunjing.coverage.duty import link_account
from cunjing.demo.cast import Case, Cast
from cunjing.demo.months import Months
from cunjing.demo.places import COUNTY, NEIGHBOUR
from cunjing.kernel.access import Actor
from cunjing.staffing.models import Staff, StaffRole

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 14


@dataclass(frozen=True, slots=True)
class LogIn:
    """One account: what it is for, and a unit with a role or the person it belongs to."""

    username: str
    shows: str
    role: Role
    unit_code: str
    badge_number: str = ""


def log_ins_of(cast: Cast) -> list[LogIn]:
    """The accounts of the demo: every role once, and a stranger from another county."""
    (vacant,) = cast.serving(Case.VACANT)
    plain = [service.person for service in cast.serving(Case.PLAIN)]
    liaison = next(person for person in plain if person.role is StaffRole.LIAISON_OFFICER)
    (lagging, *_) = (service.person for service in cast.serving(Case.SILENT))
    auxiliary = next(one for one in cast.people if one.role is StaffRole.VILLAGE_AUXILIARY)
    return [
        LogIn("demo-bureau", "县局：全县首页、考评、定稿", Role.COUNTY_BUREAU, COUNTY),
        LogIn("demo-chief", "派出所所长：有空白村", Role.STATION_CHIEF, vacant.village_code[:9]),
        _own("demo-officer", "包村民警：包两个村", Role.OFFICER, liaison.badge_number),
        _own("demo-officer-2", "包村民警：数据久未上传", Role.OFFICER, lagging.badge_number),
        _own("demo-auxiliary", "驻村辅警", Role.AUXILIARY, auxiliary.badge_number),
        LogIn("demo-auditor", "审计：只看不改", Role.AUDITOR, COUNTY),
        LogIn("demo-neighbour", "邻县县局：看不到本县", Role.COUNTY_BUREAU, NEIGHBOUR),
    ]


def open_accounts(*, actor: Actor, log_ins: Sequence[LogIn], months: Months) -> None:
    """Every account once, with its grant or tied to its person; nobody must change the password."""
    password = demo_password()
    known = set(User.objects.values_list("username", flat=True))
    for log_in in log_ins:
        if log_in.username in known:
            continue
        person = Staff.objects.filter(badge_number=log_in.badge_number).first()
        user = create_user(
            actor=actor,
            username=log_in.username,
            display_name=person.name if person else f"演示{log_in.role.label}",
            password=password,
            unit_code=person.unit_id if person else log_in.unit_code,
            must_change_password=False,
        )
        if person is not None:
            link_account(actor=actor, staff_id=person.pk, user_id=user.pk)
            continue
        grant_role(
            actor=actor,
            user_id=user.pk,
            role=log_in.role,
            valid_from=months.long_before,
            unit_code=log_in.unit_code,
        )


def demo_password() -> str:
    """The password of this installation's demo, made once (mode 600)."""
    path = Path(settings.VAR) / "demo-password"
    if not path.exists():
        text = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
    return path.read_text("utf-8").strip()


def _own(username: str, shows: str, role: Role, badge_number: str) -> LogIn:
    return LogIn(username, shows, role, "", badge_number)
