"""The people sheet from template to database, as a person fills it in."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.places_factories import County, actor_with, found_policed_county

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.coverage.people_columns import PEOPLE_COLUMNS
from cunjing.coverage.people_import import apply_import, plan_import
from cunjing.documents.people import people_template, people_template_csv, read_people
from cunjing.kernel.access import Actor
from cunjing.staffing.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    found_policed_county(code="990102", name="他县")
    return found_policed_county()


@pytest.fixture
def bureau(county: County) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=county.code)


def template(actor: Actor) -> tuple[Worksheet, Worksheet]:
    book = load_workbook(io.BytesIO(people_template(actor=actor)))
    sheet, options = book.worksheets
    assert isinstance(sheet, Worksheet)
    assert isinstance(options, Worksheet)
    return sheet, options


def saved(sheet: Worksheet) -> io.BytesIO:
    out = io.BytesIO()
    assert sheet.parent is not None
    sheet.parent.save(out)
    return out


def test_the_template_has_header_explanations_and_an_example(bureau: Actor) -> None:
    sheet, options = template(bureau)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=3)]
    assert rows[0] == [column.title for column in PEOPLE_COLUMNS]
    assert all(rows[1])
    assert str(rows[2][0]).startswith("【示例】")
    assert options.sheet_state == "hidden"


def test_the_drop_downs_offer_only_the_own_county(bureau: Actor, county: County) -> None:
    sheet, options = template(bureau)
    offered = {
        options.cell(row=1, column=n).value: [
            cell.value for (cell,) in options.iter_rows(min_row=2, min_col=n, max_col=n)
        ]
        for n in range(1, len(PEOPLE_COLUMNS) + 1)
    }
    villages = [str(text)[:12] for text in offered["包联村"] if text]
    assert villages == list(county.villages)
    assert {str(text)[:6] for text in offered["单位"] if text} == {county.code}
    ruled = {str(rule.sqref).split("3:")[0] for rule in sheet.data_validations.dataValidation}
    titled = {str(sheet[f"{letters}1"].value) for letters in ruled}
    assert titled == {"岗位", "单位", "性别", "学历", "政治面貌", "籍贯村", "包联村"}


def test_a_template_sent_back_untouched_is_refused_for_its_example(bureau: Actor) -> None:
    with pytest.raises(Problem) as refused:
        read_people(stream=io.BytesIO(people_template(actor=bureau)), name="模板.xlsx")
    assert [fault.row for fault in refused.value.faults] == [3]


def test_a_filled_template_is_imported(bureau: Actor, county: County) -> None:
    sheet, options = template(bureau)
    titles = [cell.value for cell in sheet[1]]
    said = {
        "警号": "A001",
        "姓名": "示例安",
        "岗位": "包村民警",
        "单位": options.cell(row=2, column=titles.index("单位") + 1).value,
        "包联村": options.cell(row=2, column=titles.index("包联村") + 1).value,
        "包联起日": "2026-09-01",
    }
    for number, title in enumerate(titles, start=1):
        sheet.cell(row=3, column=number, value=said.get(str(title)))
        if title not in said:
            sheet.cell(row=3, column=number).value = None
    rows = read_people(stream=saved(sheet), name="名单.xlsx")
    plan = plan_import(actor=bureau, rows=rows)
    assert plan.faults == ()
    apply_import(actor=bureau, rows=rows, plan_digest=plan.digest)
    posting = Staff.objects.get(badge_number="A001").postings.get()
    assert posting.village_id == county.villages[0]


def test_the_csv_template_takes_rows_before_its_last_line(bureau: Actor, county: County) -> None:
    head, explanation, _ = people_template_csv().decode("utf-8-sig").splitlines()
    row = ["A001", "示例安", "包村民警", county.code, *[""] * (len(PEOPLE_COLUMNS) - 4)]
    text = "\r\n".join([head, explanation, ",".join(row), "# 共 1 行", ""])
    for encoding in ("utf-8", "gb18030"):
        rows = read_people(stream=io.BytesIO(text.encode(encoding)), name="名单.csv")
        assert plan_import(actor=bureau, rows=rows).applicable
    with pytest.raises(Problem, match="没有人员"):
        plan_import(
            actor=bureau,
            rows=read_people(stream=io.BytesIO(people_template_csv()), name="空.csv"),
        )
