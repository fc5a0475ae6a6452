"""Roles: named sets of rights. A grant gives one to a person over one unit or one village."""

from django.db import models

from cunjing.kernel.permissions import Permission as P  # noqa: N817 - a table reads better short


class Role(models.TextChoices):
    """What a person may be in the product (not the staff role of a programme)."""

    COUNTY_BUREAU = "county_bureau", "县局"
    STATION_CHIEF = "station_chief", "派出所所长"
    OFFICER = "officer", "包村驻村民警"
    AUXILIARY = "auxiliary", "辅警、助理、民兵"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理"


_READ = frozenset(
    {P.VILLAGE_READ, P.STAFF_READ, P.POSTING_READ, P.RECORD_READ, P.MATTER_READ, P.ASSESSMENT_READ}
)
_FIELD = frozenset(
    {
        P.VILLAGE_READ, P.POSTING_READ, P.RECORD_READ, P.MATTER_READ, P.ASSESSMENT_READ,
        P.RECORD_WRITE, P.MATTER_OPEN, P.DEVICE_USE, P.WISH_WRITE, P.PLAN_OWN,
    }
)  # fmt: skip
_STATION = _READ | {
    P.HOUSEHOLD_EDIT, P.ABSENCE_EDIT, P.POSTING_EDIT, P.RECORD_WRITE_FOR, P.MATTER_OPEN,
    P.LEDGER_EXPORT, P.POLICY_DRAFT, P.DEVICE_MANAGE, P.CANDIDACY_EDIT, P.ROSTER_EDIT,
    P.PLAN_EDIT, P.QUESTION_CLOSE, P.BRIEFING_WRITE,
}  # fmt: skip

PERMISSIONS_OF: dict[Role, frozenset[P]] = {
    Role.COUNTY_BUREAU: _STATION
    | {
        P.DIVISION_EDIT,
        P.STAFF_EDIT,
        P.ASSESSMENT_RUN,
        P.ASSESSMENT_FREEZE,
        P.FACTS_EXPORT,
        P.CALENDAR_EDIT,
        P.USER_MANAGE,
        P.AUDIT_READ,
    },
    Role.STATION_CHIEF: _STATION,
    Role.OFFICER: _FIELD | {P.HOUSEHOLD_EDIT},
    Role.AUXILIARY: _FIELD,
    Role.AUDITOR: _READ | {P.AUDIT_READ, P.LEDGER_EXPORT, P.FACTS_EXPORT},
    Role.ADMINISTRATOR: frozenset({P.USER_MANAGE, P.VILLAGE_READ}),
}

# A right over one's own work, wishes or days, or to carry a phone for it, is nobody's to hold over
# others: who manages accounts confers it without having it.
PERSONAL_RIGHTS = frozenset({P.RECORD_WRITE, P.DEVICE_USE, P.WISH_WRITE, P.PLAN_OWN})


def rights_to_confer(role: Role) -> frozenset[P]:
    """The rights somebody must hold before giving `role` to another person."""
    return PERMISSIONS_OF[role] - PERSONAL_RIGHTS
