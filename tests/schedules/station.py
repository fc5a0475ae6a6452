"""What the station does meanwhile, by the actions its pages call."""

from collections.abc import Callable
from datetime import date
from itertools import count

from tests.schedules.steps import Step
from tests.schedules.world import CODES, system

from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.actions import end_posting
from cunjing.coverage.models import Posting
from cunjing.places.actions import households as houses
from cunjing.places.actions.edits import Decision, rename_village
from cunjing.places.models import Hamlet, Household

_NUMBERS = count(100)


def act(step: Step) -> None:
    """One act; refused where there is nothing to do it to."""
    try:
        _ACTS[step["act"]](CODES[step["village"]], step["pick"])
    except Problem:
        return


def _house(pick: int) -> Household | None:
    rows = list(Household.objects.filter(retired_on=None, village_id__in=CODES).order_by("address"))
    return rows[pick % len(rows)] if rows else None


def _add(village: str, pick: int) -> None:
    group = Hamlet.objects.filter(village_id=village, retired_on=None).order_by("name").first()
    new = houses.NewHousehold(
        address=f"演示{next(_NUMBERS)}号", hamlet_id=group.pk if group and pick % 2 else None
    )
    houses.add_household(actor=system(), village_code=village, household=new)


def _edit(village: str, pick: int) -> None:
    if house := _house(pick):
        address = f"演示{next(_NUMBERS)}号" if pick % 2 else house.address
        state = houses.HouseholdState(address, house.hamlet_id, pick % 4)
        houses.edit_household(
            actor=system(), household_id=house.pk, version=house.version, state=state
        )


def _move(village: str, pick: int) -> None:
    if house := _house(pick):
        houses.move_households(actor=system(), household_ids=[house.pk], village_code=village)


def _retire(village: str, pick: int) -> None:
    if house := _house(pick):
        houses.retire_household(actor=system(), household_id=house.pk, version=house.version)


def _hamlet_add(village: str, pick: int) -> None:
    houses.add_hamlet(actor=system(), village_code=village, name=f"{next(_NUMBERS)}组")


def _hamlet_rename(village: str, pick: int) -> None:
    if group := Hamlet.objects.filter(retired_on=None).order_by("name").first():
        name = f"{next(_NUMBERS)}组"
        houses.rename_hamlet(actor=system(), hamlet_id=group.pk, version=group.version, name=name)


def _rename(village: str, pick: int) -> None:
    decision = Decision(effective_on=date(2026, 9, 1), reason="更名")
    name = f"演示{next(_NUMBERS)}村"
    rename_village(actor=system(), village_code=village, name=name, decision=decision)


def _posting_end(village: str, pick: int) -> None:
    rows = list(Posting.objects.filter(village_id=village, valid_to=None).order_by("staff_id"))
    if rows:
        chosen = rows[pick % len(rows)]
        end_posting(actor=system(), posting_id=chosen.pk, on=today(), reason="轮换")


_ACTS: dict[str, Callable[[str, int], None]] = {
    "house_add": _add, "house_edit": _edit, "house_move": _move, "house_retire": _retire,
    "hamlet_add": _hamlet_add, "hamlet_rename": _hamlet_rename, "village_rename": _rename,
    "posting_end": _posting_end,
}  # fmt: skip
