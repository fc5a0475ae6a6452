"""Facts handed out: whole, hidden, audited, within the right."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.support.assessment_factories import (
    COUNTY,
    OTHER_COUNTY,
    STATION_NORTH,
    acting,
    bureau,
    stranger,
    uid,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.exports import counties_in_use, export_facts
from cunjing.assessment.facts import folder_digest
from cunjing.base.errors import Problem
from cunjing.kernel.models import AuditEntry
from cunjing.policy.facts import open_facts


def test_an_export_is_a_sound_folder_of_pseudonyms_and_is_audited(tmp_path: Path) -> None:
    out = tmp_path / "facts"
    export = export_facts(actor=bureau(), out=out, prefixes=[COUNTY], period="2026-09")
    with open_facts(out) as facts:
        assert facts.unread == ()
    assert folder_digest(out) == export.facts_digest
    staff = pq.read_table(out / "staff.parquet").column("staff_id").to_pylist()
    assert str(uid(1)) not in staff
    assert AuditEntry.objects.get(record_id=str(export.pk)).verb == "exported"


def test_two_exports_give_one_person_one_pseudonym(tmp_path: Path) -> None:
    first = export_facts(actor=bureau(), out=tmp_path / "1", prefixes=[COUNTY])
    second = export_facts(actor=bureau(), out=tmp_path / "2", prefixes=[COUNTY])
    assert first.facts_digest == second.facts_digest


def test_without_prefixes_every_county_in_use_is_exported(tmp_path: Path) -> None:
    assert counties_in_use() == (COUNTY,)
    assert export_facts(actor=bureau(), out=tmp_path / "all").prefixes == [COUNTY]


@pytest.mark.parametrize("role", [Role.STATION_CHIEF, Role.OFFICER])
def test_who_may_not_export_writes_nothing(role: Role, tmp_path: Path) -> None:
    actor = acting(role, unit_code=STATION_NORTH)
    with pytest.raises(Problem) as refused:
        export_facts(actor=actor, out=tmp_path / "facts", prefixes=[COUNTY])
    assert refused.value.status == 403
    assert list(tmp_path.glob("*facts*")) == []


def test_another_county_is_not_exported(tmp_path: Path) -> None:
    for actor, prefix in ((bureau(), OTHER_COUNTY), (stranger(), COUNTY), (bureau(), "9901")):
        with pytest.raises(Problem):
            export_facts(actor=actor, out=tmp_path / "facts", prefixes=[prefix])
        assert list(tmp_path.glob("*facts*")) == []


def test_a_folder_with_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(Problem, match="已经有内容"):
        export_facts(actor=bureau(), out=tmp_path / "facts", prefixes=[COUNTY])
    with pytest.raises(Problem, match="没有上级文件夹"):
        export_facts(actor=bureau(), out=tmp_path / "no" / "facts", prefixes=[COUNTY])
