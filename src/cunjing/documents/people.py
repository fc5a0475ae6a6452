"""The people sheet: its template to download, and reading it back."""

import csv
import io
from collections.abc import Sequence
from typing import IO

from django.db.models import Q
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cunjing.base.clock import today
from cunjing.coverage.import_plan import ImportRow
from cunjing.coverage.people_columns import PEOPLE_COLUMNS, PersonColumn
from cunjing.documents.csv_reading import end_line
from cunjing.documents.reading import DEFAULT_LIMITS, read_sheet
from cunjing.documents.sheets import (
    EXAMPLE_MARK,
    EXPLANATION_MARK,
    Column,
    SheetLimits,
    column_letters,
)
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Unit, Village

_LAST_ROW = 5_000
_FIRST_FREE_ROW = 4
_GREY = PatternFill("solid", fgColor="F2F2F2")
_BLUE = PatternFill("solid", fgColor="DDE6F0")
_MANY = "posting_villages"
_COLUMNS = tuple(
    Column(
        field=column.field,
        title=column.title,
        required=column.required,
        is_date=column.is_date,
    )
    for column in PEOPLE_COLUMNS
)


def read_people(
    *,
    stream: IO[bytes],
    name: str,
    limits: SheetLimits = DEFAULT_LIMITS,
    expected_rows: int | None = None,
) -> tuple[ImportRow, ...]:
    """The rows of an uploaded people sheet, for `coverage.people_import`; see `read_sheet`."""
    sheet = read_sheet(
        stream=stream, name=name, columns=_COLUMNS, limits=limits, expected_rows=expected_rows
    )
    return tuple(ImportRow(number=row.number, cells=row.cells) for row in sheet.rows)


def people_template(*, actor: Actor) -> bytes:
    """The template as xlsx: header, explanations, an example to delete, drop-downs.

    The drop-downs offer the units and villages of the reader's own jurisdiction.
    """
    choices = _choices(actor=actor)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "人员"
    options = book.create_sheet("选项")
    options.sheet_state = "hidden"
    for number, column in enumerate(PEOPLE_COLUMNS, start=1):
        offered = choices.get(column.field, column.choices)
        _write_column(sheet=sheet, number=number, column=column, offered=offered)
        if offered:
            _offer(sheet=sheet, options=options, number=number, column=column, offered=offered)
    sheet.freeze_panes = f"C{_FIRST_FREE_ROW - 1}"
    sheet.row_dimensions[2].height = 60
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.print_title_rows = "1:1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people_template_csv() -> bytes:
    """The template as csv: header, explanations and the line that counts the rows (none yet)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.title for column in PEOPLE_COLUMNS])
    writer.writerow(_explanations())
    writer.writerow([end_line(0)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _write_column(
    *, sheet: Worksheet, number: int, column: PersonColumn, offered: Sequence[str]
) -> None:
    letters = column_letters(number - 1)
    head = sheet.cell(row=1, column=number, value=column.title)
    head.font = Font(bold=True, color="C00000" if column.required else "000000")
    head.fill = _BLUE
    head.alignment = Alignment(horizontal="center")
    explanation = sheet.cell(row=2, column=number, value=_explanations()[number - 1])
    explanation.fill = _GREY
    explanation.font = Font(size=9, color="606060")
    explanation.alignment = Alignment(wrap_text=True, vertical="top")
    example = column.example or (offered[0] if offered and column.required else "")
    if number == 1:
        example = f"{EXAMPLE_MARK}{example}"
    cell = sheet.cell(row=3, column=number, value=example or None)
    cell.font = Font(italic=True, color="808080")
    cell.number_format = "@"
    dimension = sheet.column_dimensions[letters]
    dimension.width = column.width
    dimension.number_format = "yyyy-mm-dd" if column.is_date else "@"


def _offer(
    *,
    sheet: Worksheet,
    options: Worksheet,
    number: int,
    column: PersonColumn,
    offered: Sequence[str],
) -> None:
    """A drop-down from the hidden sheet; where several may be written it only suggests."""
    letters = column_letters(number - 1)
    options.cell(row=1, column=number, value=column.title)
    for row, text in enumerate(offered, start=2):
        options.cell(row=row, column=number, value=text)
    rule = DataValidation(
        type="list",
        formula1=f"选项!${letters}$2:${letters}${len(offered) + 1}",
        allow_blank=True,
        showErrorMessage=column.field != _MANY,
        errorTitle=column.title,
        error="请从下拉中选择",
    )
    rule.add(f"{letters}{_FIRST_FREE_ROW - 1}:{letters}{_LAST_ROW}")
    sheet.add_data_validation(rule)


def _choices(*, actor: Actor) -> dict[str, tuple[str, ...]]:
    area = jurisdiction_of(actor=actor, permission=Permission.STAFF_EDIT)
    units = Unit.objects.filter(area.unit_q("code")).order_by("code")
    villages = (
        Village.objects.filter(area.q("code"))
        .filter(Q(valid_to=None) | Q(valid_to__gt=today()))
        .order_by("code")
    )
    named = tuple(f"{village.code} {village.name}" for village in villages)
    return {
        "unit": tuple(f"{unit.code} {unit.name}" for unit in units),
        "home_village": named,
        "posting_villages": named,
    }


def _explanations() -> list[str]:
    first, *others = (column.help for column in PEOPLE_COLUMNS)
    return [f"{EXPLANATION_MARK}{first}", *others]
