"""What the station does meanwhile, by the actions its pages call."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from tests.schedules.desk import chief_of
from tests.schedules.steps import Step
from tests.schedules.world import CODES, V2, V4, World, system

from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.base.merging import FieldEdit
from cunjing.briefings.actions import end_briefing, write_briefing
from cunjing.briefings.models import Briefing
from cunjing.coverage.actions import end_posting
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.merging import merge_matter
from cunjing.matters.models import Matter
from cunjing.places.actions import households as houses
from cunjing.places.actions.edits import (
    Decision,
    NewVillage,
    merge_villages,
    rename_village,
    split_village,
)
from cunjing.places.models import Hamlet, Household
from cunjing.questions.actions import ask, close_question
from cunjing.questions.models import Question, QuestionKind
from cunjing.questions.rules import Doubt

PLACES = ("桥头", "桥东头", "桥西头", "村口")
SUBKINDS = ("lamp", "traffic")
_NUMBERS = count(100)


def act(world: World, step: Step) -> None:
    """One act; refused where there is nothing to do it to."""
    try:
        _ACTS[step["act"]](world, CODES[step["village"]], step["pick"])
    except Problem:
        return


def merge(gone: str, into: str) -> bool:
    """Let a village go on in another from today; whether it could."""
    decision = Decision(effective_on=today(), reason="合并")
    try:
        merge_villages(
            actor=system(), predecessor_codes=[gone], successor_code=into, decision=decision
        )
    except Problem:
        return False
    return True


def split() -> None:
    """Let the fourth village part from the second, once."""
    decision = Decision(effective_on=today(), reason="析置")
    parts = [NewVillage(code=V4, name="村四")]
    try:
        split_village(actor=system(), village_code=V2, parts=parts, decision=decision)
    except Problem:
        return


def next_address() -> str:
    """An address that nobody has."""
    return f"演示{next(_NUMBERS)}号"


def next_summary() -> str:
    """Words about a matter that nobody has used."""
    return f"路灯第{next(_NUMBERS)}次不亮"


def house(world: World, pick: int) -> Household | None:
    """A household that phones and station meet over, of the one or other village."""
    return Household.objects.filter(
        pk=world.houses[pick % len(world.houses)], retired_on=None
    ).first()


def matter(pick: int) -> Matter | None:
    """A matter that phones and station meet over."""
    rows = list(Matter.objects.order_by("pk"))
    return rows[pick % len(rows)] if rows else None


def meet(world: World, found: Household | Matter) -> None:
    """The station changes what a phone has just changed."""
    chief = chief_of(world.chief)
    try:
        if isinstance(found, Household):
            state = houses.HouseholdState(next_address(), found.hamlet_id, found.visit_priority)
            houses.edit_household(
                actor=chief, household_id=found.pk, version=found.version, state=state
            )
        else:
            edits = {"summary": FieldEdit(found.summary, next_summary())}
            merge_matter(actor=chief, matter_id=found.pk, edits=edits)
    except Problem:
        return


def _house(pick: int) -> Household | None:
    rows = list(Household.objects.filter(retired_on=None, village_id__in=CODES).order_by("address"))
    return rows[pick % len(rows)] if rows else None


def _add(world: World, village: str, pick: int) -> None:
    group = Hamlet.objects.filter(village_id=village, retired_on=None).order_by("name").first()
    new = houses.NewHousehold(
        address=next_address(), hamlet_id=group.pk if group and pick % 2 else None
    )
    houses.add_household(actor=system(), village_code=village, household=new)


def _edit(world: World, village: str, pick: int) -> None:
    # Where phones change addresses too, or anywhere.
    if one := house(world, pick) if pick % 3 else _house(pick):
        address = next_address() if pick % 2 else one.address
        state = houses.HouseholdState(address, one.hamlet_id, pick % 4)
        houses.edit_household(actor=system(), household_id=one.pk, version=one.version, state=state)


def _move(world: World, village: str, pick: int) -> None:
    if one := _house(pick):
        houses.move_households(actor=system(), household_ids=[one.pk], village_code=village)


def _retire(world: World, village: str, pick: int) -> None:
    if one := _house(pick):
        houses.retire_household(actor=system(), household_id=one.pk, version=one.version)


def _hamlet_add(world: World, village: str, pick: int) -> None:
    houses.add_hamlet(actor=system(), village_code=village, name=f"{next(_NUMBERS)}组")


def _hamlet_rename(world: World, village: str, pick: int) -> None:
    if group := Hamlet.objects.filter(retired_on=None).order_by("name").first():
        name = f"{next(_NUMBERS)}组"
        houses.rename_hamlet(actor=system(), hamlet_id=group.pk, version=group.version, name=name)


def _rename(world: World, village: str, pick: int) -> None:
    decision = Decision(effective_on=date(2026, 9, 1), reason="更名")
    name = f"演示{next(_NUMBERS)}村"
    rename_village(actor=system(), village_code=village, name=name, decision=decision)


def _posting_end(world: World, village: str, pick: int) -> None:
    rows = list(Posting.objects.filter(village_id=village, valid_to=None).order_by("staff_id"))
    if rows:
        chosen = rows[pick % len(rows)]
        end_posting(actor=system(), posting_id=chosen.pk, on=today(), reason="轮换")


def _matter_edit(world: World, village: str, pick: int) -> None:
    if one := matter(pick):
        edits = {"place": FieldEdit(one.place, PLACES[pick % 4])}
        if pick % 2:
            edits["summary"] = FieldEdit(one.summary, next_summary())
        merge_matter(actor=chief_of(world.chief), matter_id=one.pk, edits=edits)


def _brief(world: World, village: str, pick: int) -> None:
    write_briefing(
        actor=chief_of(world.chief), village_code=village, text=f"第{next(_NUMBERS)}号简报",
        valid_until=today() + timedelta(days=pick),
    )  # fmt: skip


def _brief_end(world: World, village: str, pick: int) -> None:
    rows = list(Briefing.objects.filter(ended_at=None).order_by("pk"))
    if rows:
        end_briefing(actor=chief_of(world.chief), briefing_id=rows[pick % len(rows)].pk)


def _ask(world: World, village: str, pick: int) -> None:
    """Something about a record looks as if it were wrong."""
    rows = list(WorkRecord.objects.filter(kind="village_visit").order_by("pk"))
    if rows:
        chosen = rows[pick % len(rows)]
        facts: dict[str, object] = {"case": "not_posted"}
        ask(actor=system(), doubts=[Doubt(QuestionKind.IMPOSSIBLE_TIME, chosen.pk, facts=facts)])


def _ask_no_more(world: World, village: str, pick: int) -> None:
    rows = list(Question.objects.filter(closed_at=None).order_by("pk"))
    if rows:
        chosen = rows[pick % len(rows)]
        close_question(actor=chief_of(world.chief), question_id=chosen.pk, reason="已了解")


_ACTS: dict[str, Callable[[World, str, int], None]] = {
    "house_add": _add, "house_edit": _edit, "house_move": _move, "house_retire": _retire,
    "hamlet_add": _hamlet_add, "hamlet_rename": _hamlet_rename, "village_rename": _rename,
    "posting_end": _posting_end, "matter_edit": _matter_edit, "brief": _brief,
    "brief_end": _brief_end, "ask": _ask, "ask_no_more": _ask_no_more,
}  # fmt: skip
