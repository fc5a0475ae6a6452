"""`facts gather`: the facts folders of counties as one folder in parts, a part a county.

A county's rows of `NAME` become `NAME/COUNTY.parquet`. Some things several counties may name and
mean the same: a unit above both, a border, a village that is only somebody's home. What each county
says of these is kept as it said it in `counties/COUNTY/`, and what several say becomes a part of
its own: when one county is replaced, the others' words are still there.
"""

import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cunjing.base.folders import whole_folder
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.gathering import (
    COUNTIES,
    SEVERAL,
    SHARED,
    repeated,
    settle,
    sync_of_some,
    write_part,
)
from cunjing.policy.naming import writable_name
from cunjing.policy.numbering import NUMBERED, OBJECT_NO
from cunjing.policy.soundness import FILE_NAME
from cunjing.policy.tables import TABLES, Column, ColumnType, Table

_ORDER = {"events": ("village_code", "local_date", "event_id")}
"""How a table is sorted where not by its key: what is read village by village lies together."""


def gather(arguments: Namespace) -> str:
    """`facts gather`: checks every county, writes all of them or nothing, remembers it as sound."""
    out = Path(arguments.out).resolve()
    given = _named(arguments.counties)
    with _staged(out, replacing=arguments.replace) as folder:
        findings = [item for name, county in given.items() for item in _take(county, name, folder)]
        findings = findings or [*sync_of_some(folder), *settle(folder)]
        if findings:
            raise InputError(findings)
        _remember(folder)
        every = len(list((folder / COUNTIES).iterdir()))
    return f"{arguments.out}：共 {every} 个县，这次收了 {len(given)} 个，没有问题，已记下\n"


def _named(folders: Sequence[str]) -> dict[str, Path]:
    """The counties' folders by the names their parts will have."""
    found: dict[str, Path] = {}
    for text in folders:
        path = Path(text).resolve()
        if not path.is_dir():
            raise RequestError(f"没有文件夹“{text}”")
        if path.name in found:
            raise RequestError(f"有两个文件夹都叫“{path.name}”，请按县改名，例如用县的代码")
        if path.name in {"", SEVERAL}:
            raise RequestError(f"“{text}”不能作县的名字，请给文件夹改名，例如用县的代码")
        found[path.name] = path
    return found


@contextmanager
def _staged(out: Path, *, replacing: bool) -> Iterator[Path]:
    """A folder beside `out`, with what is in it already, that takes its place at the end."""
    if replacing and not (out / COUNTIES).is_dir():
        raise RequestError(f"“{out}”不是收成的文件夹，没有可换的县；第一次收请去掉 --replace")
    writable_name(out / COUNTIES)
    if not replacing and out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise RequestError(f"“{out}”已经有内容，请换个文件夹；只换其中几个县请加 --replace")
    try:
        with whole_folder(out) as staged:
            if replacing:
                shutil.copytree(
                    out, staged, copy_function=_linked, ignore=shutil.ignore_patterns(FILE_NAME)
                )
            (staged / COUNTIES).mkdir(parents=True, exist_ok=True)
            yield staged
    except OSError as error:
        raise RequestError(
            f"写不了“{out}”，请检查文件夹、权限和空间（{error.strerror}）"
        ) from error


def _linked(source: str, target: str) -> None:
    """Parts are never changed, only replaced: another name for the same file is a copy of it."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def _take(county: Path, name: str, folder: Path) -> Iterator[Finding]:
    """Put a county's tables into the folder in place of its earlier ones, if it is sound."""
    try:
        facts = open_facts(county, anew=True)
    except InputError as error:
        yield from (replace(finding, file=f"{name}/{finding.file}") for finding in error.findings)
        return
    with facts:
        for file in facts.unread:
            sys.stderr.write(f"注意：{name}/{file} 不是已知的表，没有读\n")
        shutil.rmtree(folder / COUNTIES / name, ignore_errors=True)
        (folder / COUNTIES / name).mkdir()
        for table in TABLES.values():
            (folder / table.name / f"{name}.parquet").unlink(missing_ok=True)
            if facts.has(table.name):
                _write(facts, table, _place(folder, table.name, name))


def _place(folder: Path, table: str, county: str) -> Path:
    if table in SHARED:
        return folder / COUNTIES / county / f"{table}.parquet"
    return folder / table / f"{county}.parquet"


def _write(facts: Facts, table: Table, path: Path) -> None:
    """All columns of the contract, typed alike whatever the county's files were."""
    path.parent.mkdir(exist_ok=True)
    columns = ", ".join(_column(column) for column in table.columns)
    order = ", ".join(f'"{name}"' for name in _ORDER.get(table.name, table.key))
    rows = f'SELECT {columns} FROM "{table.name}" ORDER BY {order}'  # noqa: S608
    with facts.connect() as connection:
        write_part(connection, rows, path, table=table)


def _column(column: Column) -> str:
    if column.name == OBJECT_NO:
        return f'{NUMBERED} AS "{column.name}"'
    if column.type is ColumnType.INSTANT:
        return f'"{column.name}" AT TIME ZONE \'UTC\' AS "{column.name}"'
    return f'"{column.name}"'


def _remember(folder: Path) -> None:
    """Check all counties together."""
    try:
        with open_facts(folder, anew=True) as facts:
            facts.remember()
    except InputError as error:
        raise InputError(list(repeated(folder)) or error.findings) from error
