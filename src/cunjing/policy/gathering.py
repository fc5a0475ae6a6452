"""What several counties name: kept once where they mean the same, refused where they do not."""

import errno
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.errors import Finding
from cunjing.policy.naming import writable_name
from cunjing.policy.source import FILE_NAME, listed, parquet_scan, quoted
from cunjing.policy.tables import TABLES, Table

COUNTIES = "counties"
"""The folder with what each county says in the shared tables, a folder a county."""

SEVERAL = "_several"
"""The name of the part with what several counties say alike; no county has it."""

SHARED = ("villages", "township_adjacency", "units")
"""Tables in which counties may name the same: a village outside that is somebody's home, a border,
a unit above both."""

_ONLY_NAMED = "valid_to <= DATE '1900-01-02'"
"""Villages so long gone that no verdict is given on them: an export lists them as homes."""

FOUND_BY_ID = "ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 20480"
"""How a table but that of events is written, so that a row is found by an id of random letters: a
row group is small and has a dictionary of its ids, hence a Bloom filter. A nation's tables are a
sixth larger for it and read whole in the same time. Events of one person stand close together in
any case, and nobody asks for one by its id."""

_FOLDER_NAME = "parse_filename(parse_dirpath(filename, 'forward_slash'), false, 'forward_slash')"
_SHOWN = 5


def settle(folder: Path) -> Iterator[Finding]:
    """Write the parts of the shared tables from what each county says; findings where counties
    claim the same village or say different things of the same."""
    with duckdb.connect() as connection:
        for name in SHARED:
            shutil.rmtree(folder / name, ignore_errors=True)
            files = sorted((folder / COUNTIES).glob(f"*/{name}.parquet"))
            if files:
                yield from _settle(connection, TABLES[name], files, folder / name)
    for name in TABLES:
        if (folder / name).is_dir() and not any((folder / name).iterdir()):
            (folder / name).rmdir()


def sync_of_some(folder: Path) -> Iterator[Finding]:
    """Counties without `sync` beside counties with it: in one table their people would count as
    never heard of."""
    counties = sorted(path.name for path in (folder / COUNTIES).iterdir())
    without = [name for name in counties if not (folder / "sync" / f"{name}.parquet").exists()]
    for name in without if len(without) < len(counties) else ():
        yield Finding(
            f"{name}/sync",
            None,
            None,
            "没有这张表，别的县有：收在一起，这个县就人人都算没有同步过。请补上，或各县都不交",
        )


def repeated(folder: Path) -> Iterator[Finding]:
    """Keys that several counties have."""
    with duckdb.connect() as connection:
        for name, table in TABLES.items():
            files = sorted((folder / name).glob("*.parquet"))
            if name not in SHARED and len(files) > 1:
                county = f"replace({FILE_NAME}, '.parquet', '') AS county"
                told = f"(SELECT *, {county} FROM {_read(files)})"  # noqa: S608
                claims = _claims(connection, told, table.key)
                yield from _findings(table, table.key, claims, "里也有，每个只能在一个县里")


def _settle(
    connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path], target: Path
) -> Iterator[Finding]:
    keys, columns = ", ".join(table.key), ", ".join(table.names)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE told AS "  # noqa: S608
        "SELECT *, min(county) OVER same <> max(county) OVER same AS by_several FROM ("
        f"SELECT *, {_FOLDER_NAME} AS county FROM {_read(files)}"
        f") WINDOW same AS (PARTITION BY {keys})"
    )
    findings = list(_contradictions(connection, table))
    yield from findings
    if findings:
        return
    target.mkdir()
    for file in files:
        own = f"county = {quoted(file.parent.name)} AND NOT by_several"
        rows = f"SELECT {columns} FROM told WHERE {own} ORDER BY {keys}"  # noqa: S608
        write_part(connection, rows, target / f"{file.parent.name}.parquet", table=table)
    alike = "SELECT count(*) FROM told WHERE by_several"
    if connection.execute(alike).fetchone() != (0,):
        rows = f"SELECT DISTINCT {columns} FROM told WHERE by_several ORDER BY {keys}"  # noqa: S608
        write_part(connection, rows, target / f"{SEVERAL}.parquet", table=table)


def write_part(
    connection: duckdb.DuckDBPyConnection, rows: str, path: Path, *, table: Table
) -> None:
    """The rows of a query as a new Parquet file. Raises OSError when it cannot be written."""
    layout = "" if table.name == "events" else f", {FOUND_BY_ID}"
    target = quoted(writable_name(path))
    try:
        connection.execute(f"COPY ({rows}) TO {target} (FORMAT parquet, COMPRESSION zstd{layout})")
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error).splitlines()[0]) from error


def _contradictions(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Finding]:
    """Villages of two counties; then what counties say differently of the same."""
    if table.name == "villages":
        own = f"(SELECT * FROM told WHERE NOT coalesce({_ONLY_NAMED}, false))"  # noqa: S608
        claims = _claims(connection, own, ("village_code",))
        yield from _findings(table, ("village_code",), claims, "里也有，一个村只能在一个县里")
        if claims:
            return
    otherwise = f"count(DISTINCT ({', '.join(table.names)})) > 1"
    claims = _claims(connection, "told", table.key, having=otherwise)
    yield from _findings(table, table.key, claims, "里写得不一样，请统一后再收")


_Claim = tuple[str, str, str]
"""What is claimed, and the first and the last of the counties that do."""


def _claims(
    connection: duckdb.DuckDBPyConnection, told: str, key: Sequence[str], *, having: str = "true"
) -> list[_Claim]:
    keys = ", ".join(key)
    label = ", ".join(f"{name}::VARCHAR" for name in key)
    return connection.execute(
        f"SELECT concat_ws(' ', {label}), min(county), max(county) FROM {told} "  # noqa: S608
        f"GROUP BY {keys} HAVING min(county) <> max(county) AND {having} ORDER BY ALL"
    ).fetchall()


def _findings(
    table: Table, key: Sequence[str], claims: Sequence[_Claim], message: str
) -> Iterator[Finding]:
    for label, first, last in claims[:_SHOWN]:
        file = f"{last}/{table.name}"
        yield Finding(file, None, "、".join(key), f"“{label}”在 {first} {message}")
    if len(claims) > _SHOWN:
        more = f"还有 {len(claims) - _SHOWN} 个有同样的问题"
        yield Finding(table.name, None, "、".join(key), more)


def _read(files: Sequence[Path]) -> str:
    return parquet_scan(listed(files), "filename=true")
