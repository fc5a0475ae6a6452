"""Importing people and their postings from a sheet: a dry run, then all of it or nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from cunjing.base.errors import FieldFault, conflict, forbidden, invalid
from cunjing.coverage.import_lookup import Lookup, load_lookup
from cunjing.coverage.import_people import plan_person
from cunjing.coverage.import_plan import (
    ImportPlan,
    ImportRow,
    Outcome,
    PlannedPerson,
    plan_of,
)
from cunjing.coverage.import_rows import ReadRow, badge_of, read_row
from cunjing.coverage.models import Posting
from cunjing.coverage.people_columns import TITLES
from cunjing.coverage.records import insert_postings
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places.access import why_not
from cunjing.staffing.models import Staff
from cunjing.staffing.records import insert_people, update_person

PERMISSION = Permission.STAFF_EDIT


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in rows and postings."""

    created: int
    changed: int
    unchanged: int
    postings: int


def plan_import(*, actor: Actor, rows: Sequence[ImportRow]) -> ImportPlan:
    """What importing these rows would do now; writes nothing.

    People are known by badge number, so the same rows twice change nothing the second time. A blank
    cell leaves what is stored. Postings are only opened, never ended. Every fault is reported.
    """
    return _plan(actor=actor, rows=rows, lock=False)


def apply_import(*, actor: Actor, rows: Sequence[ImportRow], plan_digest: str) -> Imported:
    """Do what the plan with this digest said, all of it or nothing.

    Raises Problem (409) where the same rows no longer give that plan because something changed in
    between, and (422) with the faults of the rows.
    """
    try:
        with transaction.atomic():
            return _apply(actor=actor, rows=rows, plan_digest=plan_digest)
    except IntegrityError as error:
        raise conflict("刚才有人登记了同样的内容，什么都没有导入。请重新预览后再导入。") from error


def _apply(*, actor: Actor, rows: Sequence[ImportRow], plan_digest: str) -> Imported:
    plan = _plan(actor=actor, rows=rows, lock=True)
    if plan.faults:
        raise invalid(
            f"有{len(plan.faults)}处错误，什么都没有导入。请改正后重新上传。", *plan.faults
        )
    if plan.digest != plan_digest:
        raise conflict("预览之后数据有了变化，什么都没有导入。请重新预览，核对后再导入。")
    done = Imported(
        created=plan.count(Outcome.NEW),
        changed=plan.count(Outcome.CHANGED),
        unchanged=plan.count(Outcome.UNCHANGED),
        postings=plan.postings,
    )
    if done.unchanged < len(plan.people):
        with writing(actor=actor, permission=PERMISSION) as write:
            _store(write=write, people=plan.people)
    return done


def _store(*, write: Write, people: Sequence[PlannedPerson]) -> None:
    known = Staff.objects.in_bulk([p.staff_id for p in people if p.staff_id is not None])
    new = {
        person.badge_number: Staff(badge_number=person.badge_number, **person.columns)
        for person in people
        if person.staff_id is None
    }
    insert_people(write=write, people=list(new.values()))
    postings = []
    for person in people:
        staff = new[person.badge_number] if person.staff_id is None else known[person.staff_id]
        if person.staff_id is not None and person.columns:
            update_person(write=write, staff=staff, changes=person.columns, reason="表格导入")
        postings += [
            Posting(
                village_id=posting.village_code,
                staff=staff,
                role=posting.role,
                valid_from=posting.valid_from,
                reason="表格导入",
            )
            for posting in person.postings
        ]
    insert_postings(write=write, postings=postings)


def _plan(*, actor: Actor, rows: Sequence[ImportRow], lock: bool) -> ImportPlan:
    if reason := why_not(actor=actor, permission=PERMISSION):
        raise forbidden(reason)
    if not rows:
        raise invalid("表里没有人员。请在表头和说明行下面逐行填写后再上传。")
    lookup = load_lookup(actor=actor, badges=[badge_of(row) for row in rows], lock=lock)
    faults: list[FieldFault] = []
    warnings: list[FieldFault] = []
    people: list[PlannedPerson] = []
    read_rows = [read_row(row=row, lookup=lookup) for row in rows]
    _refuse_repeated(read_rows)
    for read in read_rows:
        planned = plan_person(read=read, lookup=lookup, warnings=warnings)
        faults += read.faults
        if planned is not None:
            people.append(planned)
    warnings += _crowded(people=people, lookup=lookup)
    return plan_of(people=people, faults=faults, warnings=warnings)


def _refuse_repeated(read_rows: Sequence[ReadRow]) -> None:
    """A badge number stands in the sheet once; both rows are named."""
    numbers = defaultdict(list)
    for read in read_rows:
        if read.badge_number:
            numbers[read.badge_number].append(read.number)
    for read in read_rows:
        others = [str(number) for number in numbers[read.badge_number] if number != read.number]
        if read.badge_number and others:
            rows = "、".join(others)
            read.refuse(
                "badge_number", f"警号{read.badge_number}与第{rows}行重复，每人只能有一行。"
            )


def _crowded(*, people: Sequence[PlannedPerson], lookup: Lookup) -> list[FieldFault]:
    """Villages that will have more than one person in a role; the programme may want one."""
    coming: dict[tuple[str, str], list[PlannedPerson]] = defaultdict(list)
    for person in people:
        for posting in person.postings:
            coming[posting.village_code, posting.role].append(person)
    found = []
    for person in people:
        for posting in person.postings:
            key = (posting.village_code, posting.role)
            names = [other.name for other in coming[key] if other is not person]
            names += _serving(lookup=lookup, key=key, on=posting.valid_from, besides=person)
            if names:
                said = f"{posting.village_name}同一岗位还有{'、'.join(names)}，请核对是否应为更换。"
                found.append(
                    FieldFault(
                        "posting_villages",
                        said,
                        row=person.row,
                        column=TITLES["posting_villages"],
                    )
                )
    return found


def _serving(
    *, lookup: Lookup, key: tuple[str, str], on: date, besides: PlannedPerson
) -> list[str]:
    return [
        row.staff.name
        for row in lookup.serving.get(key, [])
        if (row.valid_to is None or row.valid_to > on)
        and row.staff.badge_number != besides.badge_number
    ]
