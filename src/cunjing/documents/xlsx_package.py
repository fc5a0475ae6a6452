"""The parts of an xlsx that a reader needs: sheets in order, shared strings, date styles.

Works with both namespaces of the format (ECMA-376 transitional and strict) by local names only.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from cunjing.documents.refusals import bomb, damaged, unreadable
from cunjing.documents.safe_zip import BudgetedStream, SafeZip

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MOST_ALIVE = 200_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A visible sheet: its name on the tab and its part in the archive."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What cells refer to: shared strings by index, date styles by index, the calendar."""

    sheets: tuple[SheetPart, ...]
    strings: tuple[str, ...]
    date_styles: frozenset[int]
    from_1904: bool


def read_workbook(archive: SafeZip) -> Workbook:
    """Read the parts around the sheets. Raises Problem for a file that is no workbook."""
    book = _paths(_relations(archive=archive, source=""), kind="officeDocument")
    if not book:
        raise unreadable("这不是表格文件。请用模板填写，另存为 .xlsx 后再上传。")
    path = book[0]
    if any(name in archive for name in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml")):
        raise unreadable("文件带有宏，为安全起见不读取。请另存为不带宏的 .xlsx 后再上传。")
    relations = _relations(archive=archive, source=path)
    sheets, from_1904 = _sheets(archive=archive, path=path, relations=relations)
    strings = _paths(relations, kind="sharedStrings")
    styles = _paths(relations, kind="styles")
    return Workbook(
        sheets=sheets,
        strings=tuple(_shared_strings(archive=archive, part=strings[0])) if strings else (),
        date_styles=_date_styles(archive=archive, part=styles[0]) if styles else frozenset(),
        from_1904=from_1904,
    )


@contextmanager
def elements(
    archive: SafeZip, part: str, *, detached: tuple[str, ...] = ()
) -> Iterator[Iterator[tuple[str, Element]]]:
    """The start and end events of a part, parsed without DTD, entities or anything external.

    Elements named in `detached` leave the tree once their end was handled, so a part of any length
    is read in little memory; too many others alive at once are refused.
    """
    with archive.open(part) as stream:
        try:
            parser = iterparse(stream, events=("start", "end"), forbid_dtd=True)
            yield _watched(events=parser, stream=stream, detached=detached)
        except DefusedXmlException as error:
            raise unreadable("文件内含不允许的内容（外部引用），没有读取。") from error
        except ParseError as error:
            raise damaged() from error


def ended(events: Iterator[tuple[str, Element]]) -> Iterator[Element]:
    """Only the elements that are complete."""
    return (element for event, element in events if event == "end")


def _watched(
    *, events: Iterator[tuple[str, Element]], stream: BudgetedStream, detached: tuple[str, ...]
) -> Iterator[tuple[str, Element]]:
    path: list[Element] = []
    alive = 0
    for event, element in events:
        stream.parsed()
        if event == "start":
            path.append(element)
            alive += 1
            if alive > _MOST_ALIVE:
                raise bomb()
            yield event, element
            continue
        path.pop()
        yield event, element
        if path and local(element) in detached:
            alive -= sum(1 for _ in element.iter())
            path[-1].remove(element)


def local(element: Element) -> str:
    """The tag without its namespace."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=256)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def text_of(element: Element) -> str:
    """The text of a string item: plain or in runs, without phonetic guides."""
    pieces = []
    for child in element:
        name = local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [part.text or "" for part in child if local(part) == "t"]
    return unescaped("".join(pieces))


def unescaped(text: str) -> str:
    """Resolve the format's own escapes, `_x000D_` for a carriage return."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


@dataclass(frozen=True, slots=True)
class _Relation:
    """A part that another names: its id there, the kind of relation, its path."""

    name: str
    kind: str
    path: str


def _relations(*, archive: SafeZip, source: str) -> list[_Relation]:
    """The parts that `source` names; source "" is the package."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    if part not in archive:
        return []
    found = []
    with elements(archive, part) as events:
        for element in ended(events):
            if local(element) != "Relationship" or element.get("TargetMode") == "External":
                continue
            target = posixpath.join("/", folder, element.get("Target", ""))
            found.append(
                _Relation(
                    name=element.get("Id", ""),
                    kind=element.get("Type", "").rpartition("/")[2],
                    path=posixpath.normpath(target).lstrip("/"),
                )
            )
    return found


def _paths(relations: Sequence[_Relation], *, kind: str) -> list[str]:
    return [relation.path for relation in relations if relation.kind == kind]


def _sheets(
    *, archive: SafeZip, path: str, relations: Sequence[_Relation]
) -> tuple[tuple[SheetPart, ...], bool]:
    parts = {r.name: r.path for r in relations if r.kind == "worksheet"}
    sheets, from_1904 = [], False
    with elements(archive, path) as events:
        for element in ended(events):
            if local(element) == "workbookPr":
                from_1904 = element.get("date1904") in {"1", "true"}
            if local(element) == "sheet" and element.get("state", "visible") == "visible":
                relation = next(
                    (value for name, value in element.items() if name.endswith("}id")), ""
                )
                if relation in parts:
                    sheets.append(SheetPart(element.get("name", ""), parts[relation]))
    return tuple(sheets), from_1904


def _shared_strings(*, archive: SafeZip, part: str) -> Iterator[str]:
    with elements(archive, part, detached=("si",)) as events:
        for element in ended(events):
            if local(element) == "si":
                yield text_of(element)


def _date_styles(*, archive: SafeZip, part: str) -> frozenset[int]:
    """The indexes of cell formats that show a number as a date or time."""
    custom: dict[int, str] = {}
    formats: list[int] = []
    with elements(archive, part) as events:
        for element in ended(events):
            if local(element) == "numFmt":
                custom[_number(element.get("numFmtId"))] = element.get("formatCode", "")
            if local(element) == "cellXfs":
                formats = [_number(xf.get("numFmtId")) for xf in element if local(xf) == "xf"]
    return frozenset(
        index
        for index, number in enumerate(formats)
        if (_shows_date(custom[number]) if number in custom else number in _BUILT_IN_DATES)
    )


def _shows_date(code: str) -> bool:
    plain = _NOT_CODES.sub("", code.split(";", maxsplit=1)[0]).lower()
    return any(letter in plain for letter in "ymdhs") and "general" not in plain


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
