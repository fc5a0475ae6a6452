"""Whether somebody can be in a village on a day at all: away, off duty, bound elsewhere."""

from datetime import date

from cunjing.coverage.models import Posting
from cunjing.coverage.queries import in_force
from cunjing.rostering.models import AgreedVisit, PlanDay
from cunjing.staffing.models import Staff


def not_serving(staff: Staff, *, village_code: str, on: date) -> str:
    """Why somebody does not serve a village on a day, in Chinese; empty where they do."""
    if Posting.objects.filter(in_force(on=on), staff=staff, village=village_code).exists():
        return ""
    return f"{staff.name}{on:%Y-%m-%d}不包这个村，请核对日期或另选人。"


def away_on(staff: Staff, *, on: date) -> str:
    """Why somebody is not at work on a day, in Chinese; empty where they are."""
    if (staff.on_duty_from and on < staff.on_duty_from) or (
        staff.on_duty_to and on >= staff.on_duty_to
    ):
        return f"{staff.name}这一天不在岗，请另选一天。"
    away = staff.absences.filter(cancelled_at=None, date_from__lte=on, date_to__gt=on).first()
    return f"{staff.name}这一天{away.get_kind_display()}，请另选一天。" if away else ""


def promised_elsewhere(staff: Staff, *, village_code: str, on: date) -> str:
    """Which other village somebody has promised to be in on a day, in Chinese; empty for none."""
    visit = (
        AgreedVisit.objects.filter(staff=staff, day=on, cancelled_at=None)
        .exclude(household__village_id=village_code)
        .select_related("household__village")
        .first()
    )
    if visit is None:
        return ""
    return f"{staff.name}这一天已约了去{visit.household.village.name}，请另选一天。"


def decided_elsewhere(staff: Staff, *, village_code: str, on: date) -> str:
    """To which other village somebody's day was moved, in Chinese; empty for none."""
    row = (
        PlanDay.objects.filter(staff=staff, day=on, plan__replaced_at=None)
        .exclude(moved_at=None)
        .exclude(village_id=village_code)
        .select_related("village")
        .first()
    )
    return f"{staff.name}这一天已改为去{row.village.name}，请另选一天。" if row else ""
