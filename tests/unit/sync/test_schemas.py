"""Every version of what phones write is read for a year after the next one came."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.support import sync_samples

from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.sync.bodies import FORMS, UPCASTERS, read_body, upcast
from cunjing.sync.schemas import (
    READ_FOR,
    SCHEMAS,
    SchemaVersion,
    check_schema,
    newest,
    oldest,
)

FOLDER = Path(sync_samples.__file__).parent
SAMPLES = sorted(FOLDER.glob("v*/*.json"))
THREE = (
    SchemaVersion(1, date(2026, 1, 1), "the first"),
    SchemaVersion(2, date(2026, 6, 1), "a field more"),
    SchemaVersion(3, date(2027, 1, 1), "a field less"),
)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_phone_of_that_version_wrote_is_read_today(path: Path) -> None:
    version = int(path.parent.name.removeprefix("v"))
    body = json.loads(path.read_text("utf-8"))
    present = upcast(body, type_name=path.stem, schema=version)
    read_body(present, type_name=path.stem, saved_at="2026-09-10T12:00:00+08:00")


def test_every_version_has_a_sample_of_every_type_it_knew() -> None:
    assert {path.stem for path in FOLDER.glob(f"v{newest()}/*.json")} == set(FORMS)
    assert {path.parent.name for path in SAMPLES} == {f"v{one.number}" for one in SCHEMAS}


def test_versions_count_up_and_their_days_too() -> None:
    assert [one.number for one in SCHEMAS] == list(range(1, newest() + 1))
    assert [one.since for one in SCHEMAS] == sorted({one.since for one in SCHEMAS})
    assert all(version < newest() for _, version in UPCASTERS)


@pytest.mark.parametrize(
    ("on", "least"),
    [
        (date(2027, 6, 1), 1),
        (date(2026, 6, 1) + READ_FOR, 2),
        (date(2027, 1, 1) + READ_FOR - timedelta(days=1), 2),
        (date(2027, 1, 1) + READ_FOR, 3),
        (date(2040, 1, 1), 3),
    ],
)
def test_a_version_is_read_for_a_year_after_the_next(on: date, least: int) -> None:
    assert oldest(on=on, schemas=THREE) == least


@pytest.mark.parametrize(("schema", "said"), [(0, "更新应用"), (newest() + 1, "升级服务器")])
def test_another_version_is_told_which_side_is_behind(schema: int, said: str) -> None:
    with pytest.raises(Problem, match=said) as refused:
        check_schema(schema)
    assert refused.value.kind is ProblemKind.UPGRADE
    assert refused.value.data == {"oldest": oldest(on=today()), "newest": newest()}
    check_schema(newest())
