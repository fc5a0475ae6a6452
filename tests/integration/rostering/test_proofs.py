"""The downloaded proof of a draft: verified from its files alone, refused when tampered with."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from tests.support.places_factories import actor_with
from tests.support.roster_world import RosterWorld

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.cli import main
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, AuditVerb
from cunjing.rostering.actions import drafts as actions
from cunjing.rostering.actions.proofs import export_proof
from cunjing.rostering.models import DraftOption, MatchDraft
from cunjing.staffing.models import StaffRole


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def bureau(world: RosterWorld) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=world.county.code)


def made(world: RosterWorld, *, balance: bool = False) -> MatchDraft:
    return actions.make_draft(
        actor=bureau(world),
        unit_code=world.county.code,
        role=StaffRole.LIAISON_OFFICER,
        balance=balance,
    )


def unpacked(world: RosterWorld, draft: MatchDraft, home: Path) -> Path:
    """The one folder of the downloaded zip."""
    proof = export_proof(actor=bureau(world), draft_id=draft.pk)
    with zipfile.ZipFile(io.BytesIO(proof.content)) as pack:
        pack.extractall(home)
    return home / proof.name


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_downloaded_is_verified_and_is_the_draft(
    world: RosterWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = made(world)
    folder = unpacked(world, draft, tmp_path)
    assert main(["match", "verify", str(folder)]) == 0
    option = draft.options.get(stability=draft.chosen)
    assert f"总分 {option.total}，证明不能更低" in capsys.readouterr().out
    held = {row["village_code"]: row["staff_id"] for row in rows(folder / "assignment.csv")}
    assert held == {line["village"]: line["staff"] for line in option.lines}
    assert "示例" not in (folder / "assignment.csv").read_text(encoding="utf-8")
    entry = AuditEntry.objects.get(verb=AuditVerb.EXPORTED)
    assert entry.record_id == str(draft.pk)


@pytest.mark.parametrize("name", ["assignment.csv", "vacant.csv", "pairs.csv", "certificate.json"])
def test_a_tampered_file_is_refused(
    world: RosterWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = unpacked(world, made(world), tmp_path)
    text = (folder / name).read_text(encoding="utf-8")
    changed = text.replace('"gap": 0', '"gap": 1') if name.endswith("json") else text + "\n"
    (folder / name).write_text(changed, encoding="utf-8", newline="")
    assert main(["match", "verify", str(folder)]) == 2
    assert name in capsys.readouterr().err


def test_a_village_left_vacant_on_purpose_is_verified_and_said(
    world: RosterWorld, tmp_path: Path
) -> None:
    draft, code = made(world), world.county.villages[0]
    actions.force_pair(actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None)
    folder = unpacked(world, draft, tmp_path)
    assert rows(folder / "vacant.csv") == [{"village_code": code, "reason": "指定先空着"}]
    assert main(["match", "verify", str(folder)]) == 0


def test_an_even_option_is_verified_too(
    world: RosterWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = made(world, balance=True)
    actions.choose_option(actor=bureau(world), draft_id=draft.pk, stability=10, balanced=True)
    folder = unpacked(world, draft, tmp_path)
    assert main(["match", "verify", str(folder)]) == 0
    assert "按均衡排的" in capsys.readouterr().out
    assert (folder / "workload.csv").is_file()


def test_a_draft_that_would_come_out_otherwise_today_has_no_proof(world: RosterWorld) -> None:
    draft = made(world)
    option = draft.options.get(stability=draft.chosen)
    DraftOption.objects.filter(pk=option.pk).update(
        lines=[{**line, "staff": None} for line in option.lines]
    )
    with pytest.raises(Problem) as problem:
        export_proof(actor=bureau(world), draft_id=draft.pk)
    assert problem.value.status == 409


def test_another_station_downloads_nothing(world: RosterWorld) -> None:
    unit = world.county.townships[0]
    draft = actions.make_draft(actor=bureau(world), unit_code=unit, role=StaffRole.LIAISON_OFFICER)
    stranger = actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[1])
    with pytest.raises(Problem) as problem:
        export_proof(actor=stranger, draft_id=draft.pk)
    assert problem.value.status == 404
