"""Importing people and postings: a dry run that is true, and all of it or nothing."""

from datetime import date

import pytest
from tests.support.accounts_factories import make_user
from tests.support.coverage_factories import import_rows, post
from tests.support.places_factories import County, actor_with, found_policed_county
from tests.support.staffing_factories import make_staff

from cunjing.accounts.models import Grant
from cunjing.accounts.roles import Role
from cunjing.base.errors import FieldFault, Problem
from cunjing.coverage.actions import end_posting
from cunjing.coverage.duty import link_account
from cunjing.coverage.import_plan import ImportPlan, Outcome
from cunjing.coverage.models import Posting
from cunjing.coverage.people_import import Imported, apply_import, plan_import
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry
from cunjing.places.models import Unit, Village
from cunjing.staffing.actions import change_staff
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import told_changes

pytestmark = pytest.mark.django_db
AWAY = "990102"
IDENTITY = "110101198503070021"
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def county() -> County:
    found_policed_county(code=AWAY, name="他县")
    return found_policed_county()


@pytest.fixture
def bureau(county: County) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=county.code)


def sound(county: County) -> dict[str, str]:
    return {
        "badge_number": "a001",
        "name": "示例安",
        "role": "包村民警",
        "unit": county.code,
        "post": "社区民警",
        "phone": "138 0000 0000",
        "id_number": IDENTITY,
        "education": "本科",
        "political_status": "中共党员",
        "home_village": county.villages[1],
        "trained_on": "2026年8月20日",
        "on_duty_from": "2026/9/1",
        "posting_villages": f"{county.villages[0]}、{county.villages[2]}",
        "posting_from": "2026-09-01",
    }


def planned(actor: Actor, *rows: dict[str, str]) -> ImportPlan:
    return plan_import(actor=actor, rows=import_rows(*rows))


def applied(actor: Actor, *rows: dict[str, str]) -> Imported:
    digest = planned(actor, *rows).digest
    return apply_import(actor=actor, rows=import_rows(*rows), plan_digest=digest)


def faults(actor: Actor, *rows: dict[str, str]) -> tuple[FieldFault, ...]:
    plan = planned(actor, *rows)
    assert not plan.applicable
    with pytest.raises(Problem) as refused:
        apply_import(actor=actor, rows=import_rows(*rows), plan_digest=plan.digest)
    assert refused.value.faults == plan.faults
    return plan.faults


def test_a_new_person_with_postings(bureau: Actor, county: County) -> None:
    assert applied(bureau, sound(county)) == Imported(1, 0, 0, 2)
    staff = Staff.objects.get(badge_number="A001")
    assert (staff.unit_id, staff.phone, staff.birth_month, staff.sex, staff.education) == (
        county.code,
        "13800000000",
        "1985-03",
        "2",
        "21",
    )
    assert (staff.party_member, staff.home_village_id) == (True, county.villages[1])
    assert (staff.trained_on, staff.on_duty_from) == (date(2026, 8, 20), SEPTEMBER)
    served = Posting.objects.filter(staff=staff, valid_from=SEPTEMBER, valid_to=None)
    assert {row.village_id for row in served} == {county.villages[0], county.villages[2]}
    assert IDENTITY not in str([*Staff.objects.values(), *AuditEntry.objects.values()])


def test_a_dry_run_writes_nothing(bureau: Actor, county: County) -> None:
    audited = AuditEntry.objects.count()
    plan = planned(bureau, sound(county))
    assert (plan.applicable, plan.count(Outcome.NEW), plan.postings) == (True, 1, 2)
    assert (Staff.objects.count(), AuditEntry.objects.count()) == (0, audited)


def test_the_same_rows_twice_change_nothing_the_second_time(bureau: Actor, county: County) -> None:
    applied(bureau, sound(county))
    audited = AuditEntry.objects.count()
    plan = planned(bureau, sound(county))
    assert plan.people[0].outcome is Outcome.UNCHANGED
    assert applied(bureau, sound(county)) == Imported(0, 0, 1, 0)
    assert AuditEntry.objects.count() == audited


def test_a_posting_ended_since_is_not_opened_again(bureau: Actor, county: County) -> None:
    applied(bureau, sound(county))
    posting = Posting.objects.get(village_id=county.villages[0])
    end_posting(actor=bureau, posting_id=posting.pk, on=date(2026, 10, 1), reason="轮换")
    assert planned(bureau, sound(county)).postings == 0


def test_changes_are_shown_before_and_after(bureau: Actor, county: County) -> None:
    applied(bureau, sound(county))
    station = Unit.objects.get(division_code=county.townships[0])
    row = {
        **sound(county),
        "unit": station.name,
        "post": "副所长",
        "political_status": "群众",
        "education": "大专",
        "phone": "",
    }
    (person,) = planned(bureau, row).people
    assert person.outcome is Outcome.CHANGED
    assert {(c.column, c.before, c.after) for c in person.changes} == {
        ("单位", Unit.objects.get(pk=county.code).name, station.name),
        ("职务", "社区民警", "副所长"),
        ("政治面貌", "党员", "非党员"),
        ("学历", "大学本科毕业", "大学专科毕业"),
    }
    assert applied(bureau, row) == Imported(0, 1, 0, 0)
    assert Staff.objects.get().phone == "13800000000"


def test_a_sheet_too_keeps_what_stood_where_verdicts_rest_on_it(
    bureau: Actor, county: County
) -> None:
    applied(bureau, sound(county))
    homes = [Village.objects.get(pk=county.villages[number]) for number in (1, 2)]
    later = {**sound(county), "trained_on": "2026-08-21", "home_village": homes[1].pk}
    applied(bureau, later)
    staff = Staff.objects.get(badge_number="A001")
    (told,) = told_changes(actor=bureau, staff_id=staff.pk, limit=9)
    was, now_is = (f"{home.name}（{home.pk}）" for home in homes)
    assert told.reason == (
        f"籍贯村 {was} 改为 {now_is}；岗前培训日 2026-08-20 改为 2026-08-21：表格导入"
    )


def test_a_plan_no_longer_true_is_not_applied(bureau: Actor, county: County) -> None:
    applied(bureau, sound(county))
    rows = import_rows({**sound(county), "post": "副所长"})
    digest = plan_import(actor=bureau, rows=rows).digest
    change_staff(actor=bureau, staff_id=Staff.objects.get().pk, post="教导员")
    with pytest.raises(Problem) as refused:
        apply_import(actor=bureau, rows=rows, plan_digest=digest)
    assert refused.value.status == 409
    assert Staff.objects.get().post == "教导员"


def test_other_rows_than_those_planned_are_not_applied(bureau: Actor, county: County) -> None:
    digest = planned(bureau, sound(county)).digest
    others = import_rows({**sound(county), "name": "示例换"})
    with pytest.raises(Problem) as refused:
        apply_import(actor=bureau, rows=others, plan_digest=digest)
    assert refused.value.status == 409
    assert Staff.objects.count() == 0


def test_one_faulty_row_and_nothing_is_written(bureau: Actor, county: County) -> None:
    good = [{"badge_number": f"B{n:03}", "unit": county.code} for n in range(20)]
    (fault,) = faults(bureau, *good, {"badge_number": "C001", "unit": county.code, "phone": "1"})
    assert (fault.row, fault.column) == (23, "电话")
    assert Staff.objects.count() == 0


def test_a_repeated_badge_names_both_rows(bureau: Actor, county: County) -> None:
    row = {"badge_number": "A001", "unit": county.code}
    first, second = faults(bureau, row, {**row, "badge_number": "a001 "})
    assert (first.row, second.row) == (3, 4)
    assert "第4行" in first.message
    assert "第3行" in second.message


CELLS = [
    ("badge_number", "", "警号"),
    ("badge_number", "=1", "警号"),
    ("name", " ", "姓名"),
    ("role", "所长", "岗位"),
    ("unit", "没有的单位", "单位"),
    ("unit", AWAY, "单位"),
    ("phone", "12345", "电话"),
    ("id_number", "110101198503070022", "身份证号"),
    ("birth_month", "八五年", "出生年月"),
    ("sex", "不详", "性别"),
    ("education", "私塾", "学历"),
    ("political_status", "好人", "政治面貌"),
    ("home_village", f"{AWAY}101201", "籍贯村"),
    ("trained_on", "明年", "岗前培训日"),
    ("trained_on", "9/1/2026", "岗前培训日"),
    ("on_duty_from", "2026-02-30", "到岗日"),
    ("posting_villages", f"{AWAY}101201", "包联村"),
    ("posting_villages", "没有的村", "包联村"),
    ("posting_villages", "", "包联村"),
    ("posting_from", "", "包联起日"),
    ("posting_from", "2026-08-31", "包联起日"),
]


@pytest.mark.parametrize(("field", "text", "column"), CELLS)
def test_each_faulty_cell_is_named_by_row_and_column(
    bureau: Actor, county: County, field: str, text: str, column: str
) -> None:
    (fault, *_) = faults(bureau, {**sound(county), field: text})
    assert (fault.row, fault.column) == (3, column)
    assert fault.message.endswith("。")
    assert Staff.objects.count() == Posting.objects.count() == 0


def test_a_village_is_found_by_its_exact_name_or_the_drop_down(
    bureau: Actor, county: County
) -> None:
    village = Village.objects.get(pk=county.villages[0])
    Village.objects.exclude(pk=village.pk).filter(name=village.name).update(name="别名村")
    for text in (village.name, f"{village.code} {village.name}", f" {village.name}\u3000"):
        (person,) = planned(bureau, {**sound(county), "posting_villages": text}).people
        assert [posting.village_code for posting in person.postings] == [village.code]


def test_an_ambiguous_village_name_lists_the_codes(bureau: Actor, county: County) -> None:
    first, second = county.villages[0], county.villages[-1]
    Village.objects.filter(pk__in=[first, second]).update(name="同名村")
    (fault,) = faults(bureau, {**sound(county), "posting_villages": "同名村"})
    assert first in fault.message
    assert second in fault.message


def test_an_ambiguous_unit_name_lists_the_codes(bureau: Actor, county: County) -> None:
    Unit.objects.filter(division_code__in=county.townships).update(name="同名所")
    (fault,) = faults(bureau, {**sound(county), "unit": "同名所"})
    codes = Unit.objects.filter(name="同名所").values_list("code", flat=True)
    assert all(code in fault.message for code in codes)


def test_a_badge_of_another_county_is_refused_without_telling_whose(
    bureau: Actor, county: County
) -> None:
    make_staff("A001", unit_code=AWAY, name="外县某")
    (fault,) = faults(bureau, sound(county))
    assert fault.column == "警号"
    assert "外县" not in fault.message


def test_a_village_twice_or_serving_already(bureau: Actor, county: County) -> None:
    village = county.villages[0]
    (fault,) = faults(bureau, {**sound(county), "posting_villages": f"{village};{village}"})
    assert "两次" in fault.message
    staff = make_staff("A001", unit_code=county.code, name="示例安")
    post(staff, village, since=date(2026, 1, 1))
    plan = planned(bureau, sound(county))
    assert plan.postings == 1
    assert [warning.row for warning in plan.warnings] == [3]
    assert "起日不同" in plan.warnings[0].message


def test_a_later_posting_in_the_way_is_a_fault(bureau: Actor, county: County) -> None:
    staff = make_staff("A001", unit_code=county.code)
    post(staff, county.villages[0], since=date(2026, 10, 1))
    (fault,) = faults(bureau, sound(county))
    assert (fault.column, "不能重叠" in fault.message) == ("包联起日", True)


def test_more_than_one_person_in_a_village_is_a_warning(bureau: Actor, county: County) -> None:
    here = {**sound(county), "posting_villages": county.villages[0]}
    other = {**here, "badge_number": "A002", "name": "示例白", "id_number": ""}
    plan = planned(bureau, here, other)
    assert plan.applicable
    assert [warning.row for warning in plan.warnings] == [3, 4]
    third = make_staff("A003", unit_code=county.code, name="示例陈")
    post(third, county.villages[0], since=SEPTEMBER)
    assert "示例陈" in planned(bureau, here).warnings[0].message


def test_an_imported_posting_gives_its_village_to_the_account(
    bureau: Actor, county: County
) -> None:
    staff = make_staff("A001", unit_code=county.code)
    user = make_user("a001", unit_code=county.code)
    link_account(actor=bureau, staff_id=staff.pk, user_id=user.pk)
    applied(bureau, sound(county))
    villages = set(Grant.objects.filter(user=user).values_list("village_code", flat=True))
    assert villages == {county.villages[0], county.villages[2]}


@pytest.mark.parametrize(
    "role", [Role.STATION_CHIEF, Role.AUDITOR, Role.ADMINISTRATOR, Role.OFFICER]
)
def test_who_may_not_import(county: County, role: Role) -> None:
    actor = actor_with(role, unit_code=county.code)
    for attempt in (
        lambda: plan_import(actor=actor, rows=import_rows(sound(county))),
        lambda: apply_import(actor=actor, rows=import_rows(sound(county)), plan_digest=""),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.status == 403


def test_another_county_imports_nobody_here(county: County) -> None:
    away = actor_with(Role.COUNTY_BUREAU, unit_code=AWAY)
    columns = {fault.column for fault in faults(away, sound(county))}
    assert columns == {"单位", "籍贯村", "包联村"}


def test_an_empty_sheet_is_refused(bureau: Actor) -> None:
    with pytest.raises(Problem, match="没有人员"):
        plan_import(actor=bureau, rows=[])
