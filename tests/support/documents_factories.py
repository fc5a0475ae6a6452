"""Workbooks as spreadsheets write them, down to the XML, and the small sheet tests read."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from cunjing.documents.reading import DEFAULT_LIMITS, read_sheet
from cunjing.documents.sheets import Column, Sheet, SheetLimits, column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
COLUMNS = (
    Column("badge", "警号", required=True),
    Column("name", "姓名", required=True),
    Column("since", "到岗日", is_date=True),
)
HEADER = ("警号", "姓名", "到岗日")


@dataclass(frozen=True, slots=True)
class Dated:
    """A number that the spreadsheet shows as a date."""

    serial: float


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell with a formula and its last value."""

    text: str
    value: str = "0"


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell of a given XML type with a given value, as written in the file."""

    kind: str
    value: str


Cell = str | int | float | Dated | Formula | Typed | None


@dataclass(slots=True)
class Tab:
    """One sheet of a workbook; `references` False leaves out every `r`, as some writers do."""

    rows: Sequence[Sequence[Cell]]
    name: str = "Sheet1"
    merges: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    state: str = "visible"
    references: bool = True


@dataclass(slots=True)
class Book:
    """A workbook to be written. `shared` strings as Excel and WPS do, or inline as programs do."""

    tabs: Sequence[Tab]
    shared: bool = True
    date_format: str = 'yyyy"年"m"月"d"日"'
    from_1904: bool = False
    namespace: str = MAIN
    targets_from_root: bool = False
    strings: list[str] = field(default_factory=list)

    def parts(self) -> dict[str, str]:
        """Every part of the package by name."""
        sheets = {
            f"xl/worksheets/sheet{n}.xml": self._sheet(tab)
            for n, tab in enumerate(self.tabs, start=1)
        }
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in self.strings)
        return {
            "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": self._workbook(),
            "xl/_rels/workbook.xml.rels": relations(self._relations()),
            "xl/styles.xml": self._styles(),
            "xl/sharedStrings.xml": f'<sst xmlns="{self.namespace}">{items}</sst>',
            **sheets,
        }

    def data(self) -> bytes:
        """The file."""
        return package(self.parts())

    def _relations(self) -> dict[str, tuple[str, str]]:
        base = "/xl/" if self.targets_from_root else ""
        found = {
            f"rId{n}": ("worksheet", f"{base}worksheets/sheet{n}.xml")
            for n in range(1, len(self.tabs) + 1)
        }
        found["rId90"] = ("sharedStrings", f"{base}sharedStrings.xml")
        found["rId91"] = ("styles", f"{base}styles.xml")
        return found

    def _workbook(self) -> str:
        listed = "".join(
            f'<sheet name="{escape(tab.name)}" sheetId="{n}" state="{tab.state}" r:id="rId{n}"/>'
            for n, tab in enumerate(self.tabs, start=1)
        )
        calendar = '<workbookPr date1904="1"/>' if self.from_1904 else "<workbookPr/>"
        head = f'<workbook xmlns="{self.namespace}" xmlns:r="{RELATIONS}">'
        return f"{head}{calendar}<sheets>{listed}</sheets></workbook>"

    def _styles(self) -> str:
        code = escape(self.date_format, {'"': "&quot;"})
        return (
            f'<styleSheet xmlns="{self.namespace}"><numFmts count="1">'
            f'<numFmt numFmtId="176" formatCode="{code}"/></numFmts>'
            '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>'
        )

    def _sheet(self, tab: Tab) -> str:
        rows = []
        for number, row in enumerate(tab.rows, start=1):
            cells = "".join(
                self._cell(cell, f"{column_letters(index)}{number}" if tab.references else "")
                for index, cell in enumerate(row)
                if cell is not None or not tab.references
            )
            place = f' r="{number}"' if tab.references else ""
            hidden = ' hidden="1"' if number in tab.hidden_rows else ""
            rows.append(f"<row{place}{hidden}>{cells}</row>")
        merged = "".join(f'<mergeCell ref="{name}"/>' for name in tab.merges)
        merges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        return (
            f'<worksheet xmlns="{self.namespace}"><sheetData>{"".join(rows)}</sheetData>'
            f"{merges}</worksheet>"
        )

    def _cell(self, cell: Cell, reference: str) -> str:
        place = f' r="{reference}"' if reference else ""
        match cell:
            case None:
                return f"<c{place}/>"
            case Dated(serial):
                return f'<c{place} s="1"><v>{serial}</v></c>'
            case Formula(text, value):
                return f'<c{place} t="str"><f>{escape(text)}</f><v>{escape(value)}</v></c>'
            case Typed(kind, value):
                return f'<c{place} t="{kind}"><v>{escape(value)}</v></c>'
            case str():
                return self._string(cell, place)
        return f"<c{place}><v>{cell!r}</v></c>"

    def _string(self, text: str, place: str) -> str:
        if not self.shared:
            return f'<c{place} t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        if text not in self.strings:
            self.strings.append(text)
        return f'<c{place} t="s"><v>{self.strings.index(text)}</v></c>'


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A relationships part: id → (kind, target)."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(*rows: Sequence[Cell], merges: Sequence[str] = (), shared: bool = True) -> bytes:
    """A workbook with one sheet: the usual header, then `rows`."""
    return Book([Tab([HEADER, *rows], merges=merges)], shared=shared).data()


def csv_text(*rows: str, header: str = ",".join(HEADER), end: str | None = None) -> str:
    """A csv with the usual header and the line that counts the rows."""
    last = f"# 共 {len(rows)} 行" if end is None else end
    return "".join(f"{line}\r\n" for line in (header, *rows, last))


def read(data: bytes, *, name: str = "名单.xlsx", limits: SheetLimits = DEFAULT_LIMITS) -> Sheet:
    """Read bytes as an upload of that name."""
    return read_sheet(stream=io.BytesIO(data), name=name, columns=COLUMNS, limits=limits)


def read_csv(data: bytes | str, *, expected_rows: int | None = None) -> Sheet:
    """Read a csv upload."""
    raw = data.encode() if isinstance(data, str) else data
    stream = io.BytesIO(raw)
    return read_sheet(stream=stream, name="名单.csv", columns=COLUMNS, expected_rows=expected_rows)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    """The text of a sheet, row by row."""
    return [tuple(row.cells.values()) for row in sheet.rows]
