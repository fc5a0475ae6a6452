"""Which townships touch."""

from pathlib import Path

import pytest
from tests.support.places_factories import (
    County,
    actor_with,
    found_county,
    found_policed_county,
    system,
)

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.places.actions.adjacency import add_adjacency, import_adjacency, remove_adjacency
from cunjing.places.models import TownshipAdjacency
from cunjing.places.queries import adjacency, adjacent_townships

pytestmark = pytest.mark.django_db

HEADER = "township_code,adjacent_code\n"


@pytest.fixture
def county() -> County:
    return found_policed_county(townships=3)


def test_a_pair_is_kept_once_whichever_way_round(county: County) -> None:
    a, b, c = county.townships
    assert add_adjacency(actor=system(), pairs=[(b, a), (a, b), (b, c)]) == (2, 0)
    assert add_adjacency(actor=system(), pairs=[(a, b)]) == (0, 1)
    assert adjacent_townships(township_code=b) == [a, c]
    assert list(adjacency(actor=system())) == [(a, b), (b, c)]


def test_a_pair_is_taken_back(county: County) -> None:
    a, b, _ = county.townships
    add_adjacency(actor=system(), pairs=[(a, b)])
    remove_adjacency(actor=system(), township_code=b, adjacent_code=a, reason="填错")
    assert TownshipAdjacency.objects.count() == 0
    with pytest.raises(Problem, match="没有登记"):
        remove_adjacency(actor=system(), township_code=b, adjacent_code=a, reason="填错")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_every_usual_encoding(
    county: County, tmp_path: Path, encoding: str
) -> None:
    a, b, c = county.townships
    file = tmp_path / "pairs.csv"
    file.write_text(
        f"township_code,adjacent_code,备注\n{a},{b},河东\n {b} ,{c},\n", encoding=encoding
    )
    assert import_adjacency(actor=system(), file=file) == (2, 0)


def test_one_wrong_row_imports_nothing_and_is_named(county: County, tmp_path: Path) -> None:
    a, b, _ = county.townships
    file = tmp_path / "pairs.csv"
    file.write_text(f"{HEADER}{a},{b}\n{a},990101999\n{a},{a}\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        import_adjacency(actor=system(), file=file)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (3, "adjacent_code"),
        (4, "adjacent_code"),
    ]
    assert TownshipAdjacency.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", HEADER.encode(), b"\xff\xff\xff"])
def test_another_file_is_refused(county: County, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    for wrong in (file, tmp_path / "nowhere.csv"):
        with pytest.raises(Problem, match="文件"):
            import_adjacency(actor=system(), file=wrong)


def test_a_border_pair_belongs_to_both_counties(county: County) -> None:
    other = found_policed_county(code="990102", name="邻县")
    far = found_county(code="990103", name="远县")
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    border = (county.townships[0], other.townships[0])
    assert add_adjacency(actor=bureau, pairs=[border]) == (1, 0)
    assert list(adjacency(actor=actor_with(Role.AUDITOR, unit_code=other.code))) == [border]
    with pytest.raises(Problem) as caught:
        add_adjacency(actor=bureau, pairs=[(other.townships[0], far.townships[0])])
    assert caught.value.kind is ProblemKind.NOT_FOUND


def test_a_township_neither_touches_itself_nor_a_village(county: County) -> None:
    for pair in ((county.townships[0],) * 2, (county.townships[0], county.villages[0])):
        with pytest.raises(Problem) as caught:
            add_adjacency(actor=system(), pairs=[pair])
        assert caught.value.kind is ProblemKind.INVALID
