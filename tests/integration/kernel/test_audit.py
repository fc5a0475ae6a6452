"""Sealing, signing and verifying: every kind of tampering is named."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from tests.support.fieldwork_factories import County, information, visit

from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.cli import DIFFERS, main
from cunjing.fieldwork.actions import correct_record, note_export, record_work, withdraw_record
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel import audit
from cunjing.kernel.head_files import from_file, to_file
from cunjing.kernel.models import AuditEntry, AuditSeal, DailyHead
from cunjing.kernel.signing import SigningKey, load_key
from cunjing.kernel.verification import Report, verify

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def key(world: County, tmp_path: Path) -> SigningKey:
    return load_key(folder=tmp_path)


@pytest.fixture
def records(world: County) -> list[WorkRecord]:
    """Three records, one of them corrected, sealed."""
    items = [information(world), visit(world), information(world)]
    for item in items:
        record_work(actor=world.as_officer, item=item)
    new = information(world)
    correct_record(actor=world.as_officer, record_id=items[0].id, item=new, reason="数错了")
    audit.seal()
    return list(WorkRecord.objects.order_by("received_at", "id"))


def check(key: SigningKey, **more: object) -> Report:
    return verify(key=key, every_row=("fieldwork.workrecord",), **more)  # type: ignore[arg-type]


def named(report: Report, text: str) -> bool:
    return any(text in finding for finding in report.findings)


def backdate(days: int) -> None:
    AuditSeal.objects.update(sealed_at=now() - timedelta(days=days))


def test_the_sealer_gives_each_entry_one_link_in_order(
    world: County, records: list[WorkRecord]
) -> None:
    seals = list(AuditSeal.objects.select_related("entry").order_by("sequence"))
    assert [seal.sequence for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.entry_id for seal in seals] == sorted(seal.entry_id for seal in seals)
    head = audit.GENESIS
    for seal in seals:
        head = audit.link(head=head, digest=seal.entry.digest)
        assert seal.head == head


def test_sealing_again_adds_nothing_and_later_entries_go_on(
    world: County, records: list[WorkRecord]
) -> None:
    assert audit.seal() == 0
    record_work(actor=world.as_officer, item=information(world))
    assert audit.seal() == 1
    assert AuditSeal.objects.order_by("-sequence").first().sequence == 6  # type: ignore[union-attr]


def test_an_entry_that_committed_late_is_sealed_later(
    world: County, records: list[WorkRecord]
) -> None:
    late = AuditEntry.objects.order_by("id")[2]
    AuditSeal.objects.filter(sequence__gte=3).delete()
    keep = AuditEntry.objects.exclude(pk=late.pk).filter(seal=None)
    audit._chain(list(keep.order_by("id").values_list("id", "digest")))
    assert audit.seal() == 1
    assert AuditSeal.objects.get(entry=late).sequence == 5


def test_batches_continue_one_chain(
    world: County, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    monkeypatch.setattr(audit, "RUN", 4)
    for _ in range(9):
        record_work(actor=world.as_officer, item=information(world))
    assert audit.seal() == 9
    assert check(key).faults == 0


def test_an_untouched_chain_verifies(
    world: County, records: list[WorkRecord], key: SigningKey
) -> None:
    note_export(actor=world.as_station, ledger="all", filters="")
    audit.seal()
    report = check(key)
    assert (report.faults, report.links, report.records) == (0, 6, 4)


def test_progress_is_told_on_the_way(
    records: list[WorkRecord], key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cunjing.kernel.verification.STEP", 2)
    told: list[str] = []
    check(key, tell=told.append)
    assert told == ["已核对链环 2 个……", "已核对链环 4 个……", "已核对记录 4 条……"]


def test_a_changed_row_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    victim = records[1]
    WorkRecord.objects.filter(pk=victim.pk).update(details={"log": "改写"})
    report = check(key)
    assert report.faults == 1
    assert named(report, str(victim.pk))
    assert named(report, "被改动")


def test_a_deleted_row_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    victim = records[1]
    WorkRecord.objects.filter(pk=victim.pk).delete()
    report = check(key)
    assert named(report, f"{victim.pk}，新增，演示安：库中的行不见了")


def test_a_row_slipped_in_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    forged = records[1]
    forged.pk = new_id()
    forged.save(force_insert=True)
    assert named(check(key), f"{forged.pk}：库中有这一行，却没有审计记录")


def test_a_row_set_back_to_an_earlier_state_is_named(
    world: County, records: list[WorkRecord], key: SigningKey
) -> None:
    old = next(record for record in records if record.voided_at)
    WorkRecord.objects.filter(pk=old.pk).update(voided_at=None, void_reason="", superseded=False)
    assert named(check(key), str(old.pk))


def test_a_changed_entry_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    AuditEntry.objects.filter(seal__sequence=2).update(actor_name="别人")
    assert named(check(key), "审计记录被改动：第 2 环")


def test_a_changed_digest_breaks_the_chain(records: list[WorkRecord], key: SigningKey) -> None:
    AuditEntry.objects.filter(seal__sequence=2).update(digest="0" * 64)
    assert named(check(key), "审计链第 2 环与前后不符")


def test_a_missing_link_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    AuditSeal.objects.filter(sequence=3).delete()
    assert named(check(key), "第 3 至 3 环不见了")


def test_an_unknown_record_type_is_named(records: list[WorkRecord], key: SigningKey) -> None:
    AuditEntry.objects.filter(seal__sequence=2).update(record_type="fieldwork.gone")
    assert named(check(key), "没有的记录类型 fieldwork.gone")


def test_the_chain_verifies_after_content_was_erased(
    records: list[WorkRecord], key: SigningKey
) -> None:
    AuditEntry.objects.filter(seal__sequence__lte=2).update(salt=None, reason="")
    report = check(key)
    assert (report.faults, report.erased) == (0, 2)


def test_many_findings_are_counted_but_not_all_named(
    world: County, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cunjing.kernel.verification.NAMED", 2)
    for _ in range(3):
        record_work(actor=world.as_officer, item=information(world))
    WorkRecord.objects.update(subkind="改")
    report = check(key)
    assert (report.faults, len(report.findings)) == (3, 2)


def test_a_record_written_while_it_is_checked_is_no_finding(
    world: County, records: list[WorkRecord], key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = records[1]
    withdrawn = []

    def rows_later(model: type[WorkRecord], *, keys: list[str]) -> list[WorkRecord]:
        if not withdrawn:
            withdrawn.append(
                withdraw_record(actor=world.as_officer, record_id=victim.pk, reason="重复")
            )
        return list(model.objects.filter(pk__in=keys))

    monkeypatch.setattr("cunjing.kernel.verification._rows", rows_later)
    assert check(key).faults == 0
    assert withdrawn


def test_a_day_is_signed_once_and_verifies(records: list[WorkRecord], key: SigningKey) -> None:
    backdate(1)
    signed = audit.sign_day(day=YESTERDAY, key=key)
    assert audit.sign_day(day=YESTERDAY, key=key) == signed
    assert (signed.sequence, signed.final, DailyHead.objects.count()) == (5, True, 1)
    report = check(key)
    assert (report.faults, report.heads) == (0, 1)


def test_the_head_of_a_day_ends_at_midnight_in_shanghai(
    records: list[WorkRecord], key: SigningKey
) -> None:
    midnight = datetime.combine(today(), time(), tzinfo=SHANGHAI)
    AuditSeal.objects.update(sealed_at=midnight)
    before = midnight - timedelta(microseconds=1)
    AuditSeal.objects.filter(sequence__lte=3).update(sealed_at=before)
    assert audit.sign_day(day=YESTERDAY, key=key).sequence == 3


def test_the_running_day_is_signed_but_not_kept(records: list[WorkRecord], key: SigningKey) -> None:
    signed = audit.sign_day(day=today(), key=key)
    assert (signed.final, DailyHead.objects.count()) == (False, 0)
    assert from_file(to_file(signed=signed, key=key).encode()).head == signed.head


def test_a_day_to_come_or_without_records_is_refused(world: County, key: SigningKey) -> None:
    for day, kind in (
        (today() + timedelta(days=1), ProblemKind.INVALID),
        (date(2020, 1, 1), ProblemKind.NOT_FOUND),
    ):
        with pytest.raises(Problem) as caught:
            audit.sign_day(day=day, key=key)
        assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"head": "0" * 64}, "与审计链第 5 环不符"),
        ({"signature": "00" * 64}, "签名不符"),
        ({"key_id": "x"}, "另一把密钥"),
    ],
)
def test_a_changed_daily_head_is_named(
    records: list[WorkRecord], key: SigningKey, changes: dict[str, str], said: str
) -> None:
    backdate(1)
    audit.sign_day(day=YESTERDAY, key=key)
    DailyHead.objects.update(**changes)
    assert named(check(key), said)


def test_a_witness_finds_a_chain_made_anew(records: list[WorkRecord], key: SigningKey) -> None:
    signed = audit.sign_day(day=today(), key=key)
    witness = from_file(to_file(signed=signed, key=key).encode())
    assert check(key, witness=witness).faults == 0
    AuditSeal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_auditentry WHERE verb = 'superseded'")
    audit.seal()
    assert named(check(key, witness=witness), "没有这一环")
    AuditSeal.objects.filter(sequence=4).update(sequence=5)
    assert named(check(key, witness=witness), "被改写")


@pytest.mark.parametrize("part", ["day", "sequence", "head", "key_id", "signature", "public_key"])
def test_a_changed_head_file_is_refused(
    records: list[WorkRecord], key: SigningKey, part: str
) -> None:
    body = json.loads(to_file(signed=audit.sign_day(day=today(), key=key), key=key))
    other = {"day": "2020-01-01", "sequence": 99}.get(part, "ab" * 32)
    with pytest.raises(Problem) as caught:
        from_file(json.dumps({**body, part: other}).encode())
    assert caught.value.kind is ProblemKind.UNREADABLE_FILE


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"format": "other"}', "链头".encode()]
)
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(Problem) as caught:
        from_file(content)
    assert caught.value.kind is ProblemKind.UNREADABLE_FILE


def test_a_head_is_written_with_its_own_key_only(
    records: list[WorkRecord], key: SigningKey, tmp_path: Path
) -> None:
    signed = audit.sign_day(day=today(), key=key)
    with pytest.raises(ValueError, match="signed with key"):
        to_file(signed=signed, key=load_key(folder=tmp_path / "other"))


def test_the_command_seals_signs_and_verifies(
    world: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = information(world)
    record_work(actor=world.as_officer, item=item)
    head = tmp_path / "head.json"
    call_command("audit", "seal")
    call_command("audit", "head", "--date", today().isoformat(), "--out", str(head))
    call_command("audit", "verify", "--head", str(head))
    call_command("audit", "show", str(item.id))
    printed = capsys.readouterr().out
    for said in ("已封存 1 条", "第 1 环的链头已写入", "核验通过", "新增  演示安"):
        assert said in printed
    WorkRecord.objects.update(subkind="改")
    assert main(["audit", "verify"]) == DIFFERS
    told = capsys.readouterr()
    assert str(item.id) in told.out
    assert told.err.endswith("核验不通过：1 处不符。\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["head", "--date", "昨天", "--out", "x"], "读不懂"),
        (["head", "--date", "2020-01-01", "--out", "x"], "还没有记录"),
        (["verify", "--head", "/nowhere/head.json"], "文件读写失败"),
        (["show", "没有"], "没有编号"),
    ],
)
def test_bad_input_ends_with_status_2(world: County, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        call_command("audit", *arguments)
    assert caught.value.returncode == 2
