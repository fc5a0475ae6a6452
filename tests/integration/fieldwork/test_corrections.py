"""Corrections and withdrawals: nothing is rewritten, everything stays visible."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.fieldwork_factories import V2, County, at, call, information, visit

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.coverage.models import Posting
from cunjing.fieldwork.actions import correct_record, record_many, record_work, withdraw_record
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import WorkRecord
from cunjing.fieldwork.queries import counts, record_detail
from cunjing.kernel.models import AuditEntry, AuditVerb, Change


def corrected(item: WorkItem, text: str = "护栏断了一根") -> WorkItem:
    return replace(item, id=new_id(), details={"place": "村口桥头", "text": text})


def test_a_correction_takes_the_place_of_the_record_with_its_reason(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    new = correct_record(
        actor=world.as_officer, record_id=old.pk, item=corrected(item), reason="数错了"
    ).record
    old.refresh_from_db()
    assert (new.supersedes_id, new.correction_reason) == (old.pk, "数错了")
    assert (old.voided_at, old.void_reason) == (new.received_at, "更正：数错了")
    assert old.details["text"] == "护栏松动"


def test_both_records_of_a_correction_are_audited(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    correct_record(actor=world.as_officer, record_id=old.pk, item=corrected(item), reason="数错了")
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [AuditVerb.CREATED, AuditVerb.SUPERSEDED, AuditVerb.CREATED]


def test_a_correction_to_another_village_is_told_to_both(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    Change.objects.all().delete()
    moved = replace(item, id=new_id(), village_code=V2)
    correct_record(actor=world.as_officer, record_id=old.pk, item=moved, reason="记错了村")
    told = Change.objects.filter(record_id=str(old.pk)).values_list("scope", flat=True)
    assert sorted(told) == sorted([item.village_code, V2])


def test_only_the_latest_record_can_be_corrected(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    new = correct_record(
        actor=world.as_officer, record_id=old.pk, item=corrected(item), reason="数错了"
    ).record
    with pytest.raises(Problem) as caught:
        correct_record(
            actor=world.as_officer, record_id=old.pk, item=corrected(item), reason="又错了"
        )
    assert caught.value.kind is ProblemKind.CONFLICT
    assert caught.value.data == {"latest": str(new.pk)}


def test_the_same_correction_again_returns_the_stored_one(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    new = corrected(item)
    for repeated in (False, True):
        recorded = correct_record(
            actor=world.as_officer, record_id=old.pk, item=new, reason="数错了"
        )
        assert recorded.repeated is repeated
    with pytest.raises(Problem) as caught:
        correct_record(actor=world.as_officer, record_id=old.pk, item=new, reason="别的理由")
    assert caught.value.kind is ProblemKind.CONFLICT


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "请写明理由"), ("　 ", "请写明理由"), ("长" * 191, "太长"), ("问 13800138000", "号码")],
)
def test_a_correction_needs_a_reason(world: County, reason: str, said: str) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    with pytest.raises(Problem) as caught:
        correct_record(
            actor=world.as_officer, record_id=old.pk, item=corrected(item), reason=reason
        )
    assert caught.value.faults[0].field == "reason"
    assert said in caught.value.faults[0].message
    assert WorkRecord.objects.count() == 1


def test_a_correction_keeps_kind_and_person(world: County) -> None:
    old = record_work(actor=world.as_station, item=information(world)).record
    other = call(world, staff_id=world.auxiliary.pk)
    with pytest.raises(Problem) as caught:
        correct_record(actor=world.as_station, record_id=old.pk, item=other, reason="换一个")
    assert [fault.field for fault in caught.value.faults] == ["kind", "staff_id"]


def test_a_correction_obeys_the_rules_of_a_record(world: County) -> None:
    item = information(world)
    old = record_work(actor=world.as_officer, item=item).record
    Posting.objects.filter(staff=world.officer).delete()
    with pytest.raises(Problem) as caught:
        correct_record(
            actor=world.as_officer, record_id=old.pk, item=corrected(item), reason="数错了"
        )
    assert caught.value.kind is ProblemKind.INVALID


def test_a_part_stays_with_its_visit_when_that_was_corrected(world: County) -> None:
    whole = visit(world)
    part = information(world, visit_id=whole.id)
    record_many(actor=world.as_officer, items=[whole, part])
    new = replace(whole, id=new_id(), details={**whole.details, "log": "补写日志"})
    correct_record(actor=world.as_officer, record_id=whole.id, item=new, reason="日志不全")
    correct_record(actor=world.as_officer, record_id=part.id, item=corrected(part), reason="数错了")
    with pytest.raises(Problem) as caught:
        record_work(actor=world.as_officer, item=information(world, visit_id=whole.id))
    assert [fault.field for fault in caught.value.faults] == ["visit_id"]
    assert len(record_detail(actor=world.as_officer, record_id=new.id).parts) == 1


def test_a_withdrawn_record_no_longer_counts_but_stays(world: County) -> None:
    record = record_work(actor=world.as_officer, item=information(world)).record
    withdraw_record(actor=world.as_officer, record_id=record.pk, reason="登记重复")
    record.refresh_from_db()
    assert record.voided_at is not None
    assert counts(actor=world.as_officer, chosen=LedgerFilter()) == {}
    entry = AuditEntry.objects.get(verb=AuditVerb.VOIDED)
    assert entry.reason == "登记重复"
    with pytest.raises(Problem) as caught:
        withdraw_record(actor=world.as_officer, record_id=record.pk, reason="再来")
    assert caught.value.kind is ProblemKind.CONFLICT


def test_a_visit_can_be_withdrawn_with_its_parts(world: County) -> None:
    whole = visit(world)
    record_many(actor=world.as_officer, items=[whole, call(world, visit_id=whole.id)])
    gone = withdraw_record(
        actor=world.as_officer, record_id=whole.id, reason="没有去成", with_parts=True
    )
    assert len(gone) == 2
    assert not WorkRecord.objects.filter(voided_at=None).exists()


def test_the_parts_of_a_corrected_visit_go_with_it_too(world: County) -> None:
    first, part, other = visit(world), call(world), call(world, household_id=world.households[1])
    parts = [replace(one, visit_id=first.id) for one in (part, other)]
    record_many(actor=world.as_officer, items=[first, *parts])
    changed = replace(parts[0], id=new_id(), occurred_at=at(10, 11))
    correct_record(actor=world.as_officer, record_id=part.id, item=changed, reason="时间错了")
    last = first
    for log in ("看了护栏", "看了护栏和路灯"):
        new = replace(visit(world), details={**first.details, "log": log})
        correct_record(actor=world.as_officer, record_id=last.id, item=new, reason="补充日志")
        last = new
    gone = withdraw_record(
        actor=world.as_officer, record_id=last.id, reason="没有去成", with_parts=True
    )
    assert {row.pk for row in gone} == {last.id, changed.id, other.id}
    assert not WorkRecord.objects.filter(voided_at=None).exists()


def test_a_part_follows_its_visit_to_the_day_that_was_corrected_to(world: County) -> None:
    whole = visit(world)
    part = call(world, visit_id=whole.id)
    record_many(actor=world.as_officer, items=[whole, part])
    moved = visit(world, occurred_at=at(9))
    correct_record(actor=world.as_officer, record_id=whole.id, item=moved, reason="日期填错")
    new = replace(part, id=new_id(), occurred_at=at(9, 10))
    later = replace(new, id=new_id(), occurred_at=at(11, 10))
    with pytest.raises(Problem, match="需要修改") as refused:
        correct_record(actor=world.as_officer, record_id=part.id, item=later, reason="日期填错")
    assert "不在这次进村的日期之内" in refused.value.faults[0].message
    correct_record(actor=world.as_officer, record_id=part.id, item=new, reason="日期填错")
    detail = record_detail(actor=world.as_officer, record_id=moved.id)
    assert [row.id for row in detail.parts] == [new.id]


def test_who_may_not_write_may_not_correct_or_withdraw(world: County) -> None:
    item = information(world)
    record = record_work(actor=world.as_officer, item=item).record
    for someone, kind in (
        (world.as_stranger, ProblemKind.NOT_FOUND),
        (world.as_auditor, ProblemKind.FORBIDDEN),
        (world.as_auxiliary, ProblemKind.FORBIDDEN),
    ):
        with pytest.raises(Problem) as corrected_by:
            correct_record(
                actor=someone, record_id=record.pk, item=corrected(item), reason="数错了"
            )
        with pytest.raises(Problem) as withdrawn_by:
            withdraw_record(actor=someone, record_id=record.pk, reason="登记重复")
        assert corrected_by.value.kind is withdrawn_by.value.kind is kind
    record.refresh_from_db()
    assert record.voided_at is None


def test_a_record_that_is_not_there_cannot_be_corrected(world: County) -> None:
    with pytest.raises(Problem) as caught:
        withdraw_record(actor=world.as_officer, record_id=new_id(), reason="没有")
    assert caught.value.kind is ProblemKind.NOT_FOUND


def accepted(act: Callable[[], object]) -> bool:
    """Whether the act was done; the only refusal expected is a conflict."""
    try:
        act()
    except Problem as problem:
        if problem.kind is not ProblemKind.CONFLICT:
            raise
        return False
    return True


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(["correct", "withdraw"])), max_size=8
    )
)
def test_a_chain_never_forks_and_has_at_most_one_valid_end(
    world: County, steps: list[tuple[int, str]]
) -> None:
    """Whatever is tried on whichever record, one line remains, its order that of its making."""
    item = information(world, occurred_at=at(10))
    made = [record_work(actor=world.as_officer, item=item).record.pk]
    alive = True
    for aim, step in steps:
        target = made[aim % len(made)]
        allowed = alive and target == made[-1]
        if step == "correct":
            new = corrected(item, text=f"第{len(made)}次")
            done = accepted(
                lambda target=target, new=new: correct_record(
                    actor=world.as_officer, record_id=target, item=new, reason="核对后更正"
                )
            )
            made += [new.id] if done else []
        else:
            done = accepted(
                lambda target=target: withdraw_record(
                    actor=world.as_officer, record_id=target, reason="重复"
                )
            )
            alive = alive and not done
        assert done is allowed
    for record_id in made:
        detail = record_detail(actor=world.as_officer, record_id=record_id)
        assert list(detail.visit_ids) == made
    valid = WorkRecord.objects.filter(pk__in=made, voided_at=None).values_list("pk", flat=True)
    assert list(valid) == ([made[-1]] if alive else [])
