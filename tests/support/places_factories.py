"""An invented county for tests, made by the same actions the product uses."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.kernel.access import ActiveGrant, Actor
from cunjing.places.actions.divisions import import_divisions
from cunjing.places.actions.units import seed_units
from cunjing.places.source import DivisionSource

COUNTY = "990101"
CITY_ROWS = (("99", "示例省"), ("9901", "示例市"))
TOWNSHIP_NAMES = ("东风镇", "西山乡", "南湖街道")
VILLAGE_NAMES = (
    "天台村民委员会",
    "红旗村民委员会",
    "双河村委会",
    "茅阳社区居民委员会",
    "石桥村委会",
)
TABLES = {2: "province", 4: "city", 6: "area", 9: "street", 12: "village"}


@dataclass(frozen=True, slots=True)
class County:
    """Codes of a county made for a test; `villages` in order, those of the first township first."""

    code: str
    townships: tuple[str, ...]
    villages: tuple[str, ...]


def system() -> Actor:
    """The system itself."""
    return Actor.for_system("test")


def actor_with(role: Role, *, unit_code: str = "", village_code: str = "") -> Actor:
    """Someone with one role over one unit or one village, without an account."""
    grant = ActiveGrant(
        role=role, permissions=PERMISSIONS_OF[role], unit_code=unit_code, village_code=village_code
    )
    return Actor(name=role.label, grants=(grant,))


def county_rows(
    *, code: str = COUNTY, name: str = "示例县", townships: int = 2, villages: int = 3
) -> list[tuple[str, str]]:
    """Code and name of everything in an invented county, as the source would list it."""
    rows = [*CITY_ROWS, (code, name)]
    for t in range(townships):
        rows.append((f"{code}{101 + t}", TOWNSHIP_NAMES[t]))
        rows += [
            (f"{code}{101 + t}{201 + v}", VILLAGE_NAMES[(t + v) % len(VILLAGE_NAMES)])
            for v in range(villages)
        ]
    return rows


def write_source(
    folder: Path, *, rows: Sequence[tuple[str, str]], version: str = "2.7.0"
) -> DivisionSource:
    """A division package in `folder` that holds `rows`."""
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"version": version}), encoding="utf-8")
    file = folder / "dist" / "data.sqlite"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in TABLES.values():
            connection.execute(f"CREATE TABLE {table} (code TEXT PRIMARY KEY, name TEXT)")
        for code, name in rows:
            connection.execute(
                f"INSERT INTO {TABLES[len(code)]} VALUES (?, ?)",  # noqa: S608 - fixed table names
                (code, name),
            )
    return DivisionSource(folder=folder)


def found_county(
    *, code: str = COUNTY, name: str = "示例县", townships: int = 2, villages: int = 3
) -> County:
    """Import an invented county, 3 villages in each of 2 townships; valid from 2023-06-30."""
    rows = county_rows(code=code, name=name, townships=townships, villages=villages)
    with TemporaryDirectory() as folder:
        source = write_source(Path(folder), rows=rows)
        import_divisions(actor=system(), source=source, codes=[code])
    return County(
        code=code,
        townships=tuple(row for row, _ in rows if len(row) == 9),
        villages=tuple(row for row, _ in rows if len(row) == 12),
    )


def found_policed_county(
    *, code: str = COUNTY, name: str = "示例县", townships: int = 2, villages: int = 3
) -> County:
    """The county with its bureau (unit code = county code) and a station a township."""
    county = found_county(code=code, name=name, townships=townships, villages=villages)
    seed_units(actor=system(), county_code=code)
    return county
