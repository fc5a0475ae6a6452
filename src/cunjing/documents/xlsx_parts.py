"""The fixed XML of an exported workbook (ECMA-376, transitional): styles, page set-up, cells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READ_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Style(IntEnum):
    """Cell formats, in the order of `cellXfs` below."""

    PLAIN = 0
    TITLE = 1
    HEADER = 2
    TEXT = 3
    QUOTED = 4
    NUMBER = 5
    DATE = 6
    MOMENT = 7


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the package: its name and its text, piece by piece."""

    name: str
    texts: Iterable[str]


def package_parts(*, tab: str, header_row: int) -> list[Part]:
    """Every part but the sheet. `tab` is its name, `header_row` the row repeated in print."""
    titles = f"'{tab}'!${header_row}:${header_row}"
    return [
        Part("[Content_Types].xml", [_CONTENT_TYPES]),
        Part("_rels/.rels", [_relations(("officeDocument", "xl/workbook.xml"))]),
        Part(
            "xl/workbook.xml",
            [
                f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
                f'<sheet name={quoteattr(tab)} sheetId="1" r:id="rId1"/></sheets><definedNames>'
                f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{escape(titles)}'
                "</definedName></definedNames></workbook>"
            ],
        ),
        Part(
            "xl/_rels/workbook.xml.rels",
            [_relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))],
        ),
        Part("xl/styles.xml", [_STYLES]),
    ]


def sheet_head(*, widths: Sequence[int], header_row: int) -> str:
    """The sheet up to its first row: frozen below the header, one column width each."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        f'<sheetView workbookViewId="0"><pane ySplit="{header_row}" '
        f'topLeftCell="A{header_row + 1}" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>"
    )


def sheet_tail() -> str:
    """The sheet after its last row: A4 across, one page wide, page numbers."""
    return (
        '</sheetData><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
        'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" '
        'fitToHeight="0"/><headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter>'
        "</headerFooter></worksheet>"
    )


def cell_xml(*, style: Style, text: str = "", number: float | None = None) -> str:
    """One cell: text as an inline string, or a number."""
    if number is not None:
        return f'<c s="{style:d}"><v>{number!r}</v></c>'
    if not text:
        return f'<c s="{style:d}"/>'
    said = escape(_READ_AS_ESCAPE.sub("_x005F_", _ILLEGAL.sub("", text)))
    return f'<c s="{style:d}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _relations(*pairs: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs, start=1)
    )
    head = f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    return f"{head}{listed}</Relationships>"


_CONTENT_TYPES = (
    f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    "</Types>"
)
_SIDES = "".join(
    f'<{side} style="thin"><color rgb="FFB0B0B0"/></{side}>'
    for side in ("left", "right", "top", "bottom")
)
_BODY = 'fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"'
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_TOP = '<alignment vertical="top"/>'
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="14"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDE6F0"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    f"<border>{_SIDES}<diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="8">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="2" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" '
    'applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" '
    'wrapText="1"/></xf>'
    f'<xf numFmtId="49" applyNumberFormat="1" {_BODY}>{_WRAP}</xf>'
    f'<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" {_BODY}>{_WRAP}</xf>'
    f'<xf numFmtId="0" {_BODY}>{_TOP}</xf>'
    f'<xf numFmtId="164" applyNumberFormat="1" {_BODY}>{_TOP}</xf>'
    f'<xf numFmtId="165" applyNumberFormat="1" {_BODY}>{_TOP}</xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
