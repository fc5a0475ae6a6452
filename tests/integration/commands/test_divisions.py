"""cunjing divisions import, adjacency."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.support.places_factories import county_rows, found_county, write_source

from cunjing.places.models import TownshipAdjacency, Village

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("divisions", *arguments, stdout=out)
    return out.getvalue()


def test_it_says_what_each_code_holds_and_what_was_added(tmp_path: Path) -> None:
    write_source(tmp_path, rows=county_rows())
    said = run("import", "990101", "--source", str(tmp_path))
    assert said.splitlines() == [
        "990101 示例县：2个乡镇街道，6个村（社区）",
        "新增区划5个、村6个，未变0个村，保留本地变更0个村。",
    ]
    assert "未变6个村" in run("import", "--all", "--source", str(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["import", "990199"], "没有代码990199"),
        (["import", "县"], "2、4、6、9或12位"),
        (["import"], "二者选一"),
        (["import", "990101", "--all"], "二者选一"),
    ],
)
def test_a_wrong_code_ends_with_status_2(tmp_path: Path, arguments: list[str], advice: str) -> None:
    write_source(tmp_path, rows=county_rows())
    with pytest.raises(CommandError, match=advice) as caught:
        run(*arguments, "--source", str(tmp_path))
    assert caught.value.returncode == 2
    assert Village.objects.count() == 0


def test_a_missing_package_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="setup") as caught:
        run("import", "990101", "--source", str(tmp_path))
    assert caught.value.returncode == 2


def test_adjacency_is_read_and_its_faults_name_rows(tmp_path: Path) -> None:
    county = found_county()
    first, second = county.townships
    file = tmp_path / "pairs.csv"
    file.write_text(f"township_code,adjacent_code\n{first},{second}\n", encoding="utf-8")
    assert "新增相邻关系1对" in run("adjacency", str(file))
    file.write_text(f"township_code,adjacent_code\n{first},1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="第2行") as caught:
        run("adjacency", str(file))
    assert caught.value.returncode == 2
    assert TownshipAdjacency.objects.count() == 1
