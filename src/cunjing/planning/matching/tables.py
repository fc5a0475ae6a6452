"""The CSV tables of a match: read strictly, every mistake with file, row and column."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from cunjing.planning.matching.problem import MOST_POINTS, Indices, Ints
from cunjing.policy.errors import Finding, InputError

_SHOWN = 5
_INTEGER = re.compile(r"-?[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Texts:
    """A column: `values` are the different texts, `codes` which of them each row has."""

    values: tuple[str, ...]
    codes: Indices


class Columns:
    """A CSV's columns by name; the order of columns is free, each is there once."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self.file = path.name
        self._path = path
        self._columns = dict(zip(names, _read(path, names), strict=True))

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())).codes)

    def texts(self, name: str) -> Texts:
        """A column whose cells may not be empty."""
        column = self._columns[name]
        bad = [place for place, value in enumerate(column.values) if not value]
        self._raise(name, column, bad, "必填，不能空着")
        return column

    def integers(self, name: str, *, lowest: int = -MOST_POINTS) -> Ints:
        """A column of whole numbers within what points may be."""
        column = self._columns[name]
        bad = [
            place
            for place, value in enumerate(column.values)
            if not _INTEGER.fullmatch(value) or not lowest <= int(value) <= MOST_POINTS
        ]
        message = f"“{{}}”应为 {lowest} 至 {MOST_POINTS} 的整数"
        self._raise(name, column, bad, message)
        numbers = np.array([int(value) for value in column.values], dtype=np.int64)
        return numbers[column.codes] if len(numbers) else np.zeros(0, dtype=np.int64)

    def once(self, *names: str) -> None:
        """InputError naming the rows that repeat an earlier key."""
        keys = np.zeros(len(self), dtype=np.int64)
        for name in names:
            column = self._columns[name]
            keys = keys * max(len(column.values), 1) + column.codes
        order = np.argsort(keys, kind="stable")
        repeated = order[1:][keys[order][1:] == keys[order][:-1]]
        label = "、".join(names)
        if len(repeated):
            rows = np.sort(repeated)[:_SHOWN].tolist()
            message = "与前面的行重复，每个只能出现一次"
            raise InputError(
                [Finding(self.file, number, label, message) for number in self._numbers(rows)]
            )

    def _raise(self, name: str, column: Texts, bad: Sequence[int], message: str) -> None:
        if not bad:
            return
        rows = np.flatnonzero(np.isin(column.codes, bad))
        shown = rows[:_SHOWN].tolist()
        findings = [
            Finding(self.file, number, name, message.format(column.values[column.codes[row]]))
            for row, number in zip(shown, self._numbers(shown), strict=True)
        ]
        if len(rows) > _SHOWN:
            more = f"还有 {len(rows) - _SHOWN} 行有同样的问题"
            findings.append(Finding(self.file, None, name, more))
        raise InputError(findings)

    def _numbers(self, rows: Sequence[int]) -> list[int]:
        """Rows as a person counts them: the header is 1, and empty lines count."""
        numbers: list[int] = []
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            filled = (number for number, cells in enumerate(csv.reader(file), start=1) if cells)
            for place, number in enumerate(filled, start=-1):
                if len(numbers) < len(rows) and place == rows[len(numbers)]:
                    numbers.append(number)
        return numbers


def _read(path: Path, names: Sequence[str]) -> list[Texts]:
    found = list(_header_faults(path, names))
    if found:
        raise InputError(found)
    kinds = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
    options = arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
    parse = arrow_csv.ParseOptions(newlines_in_values=True)
    try:
        table = arrow_csv.read_csv(path, convert_options=options, parse_options=parse)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError([_diagnosis(path, len(names), error)]) from error
    columns = []
    for name in names:
        whole = table.column(name).unify_dictionaries().combine_chunks()
        values = tuple(whole.dictionary.to_pylist())
        codes = np.from_dlpack(whole.indices).astype(np.int32, copy=False)
        columns.append(Texts(values, codes))
    return columns


def _header_faults(path: Path, names: Sequence[str]) -> Iterator[Finding]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, strict=True), [])
    except UnicodeDecodeError:
        yield Finding(path.name, None, None, "不是 UTF-8 编码，请另存为“CSV UTF-8”")
        return
    except (OSError, csv.Error):
        yield Finding(path.name, None, None, "文件打不开或读不出来，请检查路径")
        return
    expected = "、".join(names)
    if not header:
        yield Finding(path.name, 1, None, f"文件是空的，第一行应是表头：{expected}")
    for name in dict.fromkeys(header):
        if name not in names:
            yield Finding(path.name, 1, name, f"没有这一列，本表的列是：{expected}")
        elif header.count(name) > 1:
            yield Finding(path.name, 1, name, "列名重复，每列只能出现一次")
    for name in names:
        if header and name not in header:
            yield Finding(path.name, 1, name, "缺少必填的列")


def _diagnosis(path: Path, width: int, error: Exception) -> Finding:
    """Where a CSV cannot be read, found by reading it again slowly."""
    row = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row, cells in enumerate(csv.reader(file, strict=True), start=1):
                if cells and len(cells) != width:
                    message = f"有 {len(cells)} 格，表头有 {width} 列，请对齐"
                    return Finding(path.name, row, None, message)
    except UnicodeDecodeError:
        return Finding(path.name, row + 1, None, "不是 UTF-8 编码，请另存为“CSV UTF-8”")
    except csv.Error:
        return Finding(path.name, row + 1, None, "引号不成对，或文件在这里断了")
    return Finding(path.name, None, None, f"文件读不出来（{str(error).splitlines()[0]}）")
