"""Questions: raised by rules, answered by whose record it is, closed by somebody else (D9)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.fieldwork_factories import V2
from tests.support.places_factories import system
from tests.support.sources import python_files
from tests.support.sync_phone import World, visit, world

from cunjing.accounts.models import Grant
from cunjing.accounts.queries import actor_for
from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.audit import seal
from cunjing.kernel.models import AuditEntry
from cunjing.kernel.signing import load_key
from cunjing.kernel.verification import verify
from cunjing.questions import queries
from cunjing.questions.actions import answer, ask, close_question, close_withdrawn
from cunjing.questions.looking import look
from cunjing.questions.models import Question
from cunjing.questions.rules import Doubt
from cunjing.questions.tasks import ask_questions

pytestmark = pytest.mark.django_db

LOG = "走访河东组五户，宣传防骗知识，查看桥头护栏"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def officer(here: World) -> Actor:
    return actor_for(user=here.user)


def at_once_in_two_villages(here: World) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.save("work_record", visit(here, village_code=V2))
    assert here.phone.results() == ["accepted", "accepted"]


def asked(here: World) -> Question:
    at_once_in_two_villages(here)
    (question,) = look(since=now() - timedelta(hours=1))
    return question


def test_what_arrived_is_looked_through_and_asked_about_once(here: World) -> None:
    question = asked(here)
    assert (question.kind, question.staff_id) == ("impossible_time", here.county.officer.pk)
    assert look(since=now() - timedelta(hours=1)) == []
    ask_questions.func()
    assert Question.objects.count() == 1


def test_only_what_arrived_since_is_asked_about(here: World) -> None:
    at_once_in_two_villages(here)
    assert look(since=now() + timedelta(seconds=1)) == []


def test_a_copied_log_is_asked_about_with_the_one_before(here: World) -> None:
    for day in ("2026-09-10", "2026-09-11"):
        times = {"left_at": f"{day}T12:00:00+08:00", "log": LOG}
        said = visit(here, occurred_at=f"{day}T10:00:00+08:00", details=times)
        here.phone.save("work_record", said)
    here.phone.push()
    (question,) = look(since=now() - timedelta(hours=1))
    assert (question.kind, question.facts) == ("copied_text", {"percent": 100})
    assert question.other_id is not None


def test_a_withdrawn_record_is_not_compared(here: World) -> None:
    first = visit(here)
    here.phone.save("work_record", first)
    here.phone.save("withdrawal", {"record_id": first["id"], "reason": "登记有误"})
    here.phone.save("work_record", visit(here, village_code=V2))
    here.phone.push()
    assert look(since=now() - timedelta(hours=1)) == []


def test_who_is_asked_reads_it_on_the_phone_and_answers_there(here: World) -> None:
    question = asked(here)
    village = question.record.village_id
    here.phone.pull()
    row = here.phone.scopes[village].rows["question", str(question.pk)]
    assert "进村时间重叠" in row["text"]
    assert not row["closed"]
    said = {"village_code": village, "question_id": str(question.pk), "text": "两村相邻。"}
    here.phone.save("answer", said)
    assert here.phone.results(first=3) == ["accepted"]
    here.phone.pull()
    assert here.phone.scopes[village].rows["question", str(question.pk)]["answer"] == "两村相邻。"
    close_question(actor=here.county.as_station, question_id=question.pk, reason="情况属实")
    here.phone.pull()
    row = here.phone.scopes[village].rows["question", str(question.pk)]
    assert (row["closed"], row["close_reason"]) == (True, "情况属实")


def test_nobody_elses_phone_hears_of_it(here: World) -> None:
    question = asked(here)
    other = here.county.auxiliary.pk
    village = question.record.village_id
    assert queries.of_person(village_code=village, staff_id=other) == []


def test_it_is_answered_once_by_whose_record_it_is(here: World, officer: Actor) -> None:
    question = asked(here)
    for actor, status in (
        (here.county.as_station, 403),
        (here.county.as_auxiliary, 404),
        (here.county.as_auditor, 404),
        (here.county.as_stranger, 404),
    ):
        with pytest.raises(Problem) as refused:
            answer(actor=actor, question_id=question.pk, text="不是我")
        assert refused.value.status == status
    for text in ("", " ", "长" * 501, "电话13800000000"):
        with pytest.raises(Problem) as refused:
            answer(actor=officer, question_id=question.pk, text=text)
        assert refused.value.status == 422
    first = answer(actor=officer, question_id=question.pk, text="两村相邻。")
    again = answer(actor=officer, question_id=question.pk, text="两村相邻。")
    assert again.answered_at == first.answered_at
    with pytest.raises(Problem, match="已经答复过"):
        answer(actor=officer, question_id=question.pk, text="另一个说法")


def test_it_is_closed_by_another_person_with_a_reason(
    here: World, officer: Actor, settings: Any
) -> None:
    question = asked(here)
    with pytest.raises(Problem):
        close_question(actor=here.county.as_station, question_id=question.pk, reason=" ")
    with pytest.raises(Problem) as refused:
        close_question(actor=officer, question_id=question.pk, reason="没事")
    assert refused.value.status == 403
    closed = close_question(actor=here.county.as_station, question_id=question.pk, reason="路近")
    assert (closed.close_reason, closed.closed_by_name) == ("路近", here.county.as_station.name)
    with pytest.raises(Problem, match="已经了结"):
        close_question(actor=here.county.as_station, question_id=question.pk, reason="再了结")
    with pytest.raises(Problem, match="已经了结"):
        answer(actor=officer, question_id=question.pk, text="两村相邻。")
    assert list(queries.waiting(actor=here.county.as_station)) == []
    seal()
    assert verify(key=load_key(folder=settings.VAR)).findings == []


def test_only_the_system_asks(here: World) -> None:
    question = asked(here)
    doubt = Doubt(queries.QuestionKind.BATCH_ENTRY, question.record_id)
    with pytest.raises(Problem):
        ask(actor=here.county.as_station, doubts=[doubt])
    assert len(ask(actor=system(), doubts=[doubt])) == 1


def test_a_photo_that_stands_at_an_earlier_record_is_asked_about(here: World) -> None:
    first, second = visit(here), visit(here, occurred_at="2026-09-11T10:00:00+08:00")
    second["details"] = {"left_at": "2026-09-11T12:00:00+08:00", "log": "另一天"}
    for said in (first, second):
        here.phone.save("work_record", said)
        photo = {"id": str(new_id()), "record_id": said["id"], "sha256": "ab" * 32, "length": 9000}
        here.phone.save("photo", photo)
    assert here.phone.results() == ["accepted"] * 4
    (question,) = look(since=now() - timedelta(hours=1))
    assert question.kind == "reused_photo"
    assert (str(question.record_id), str(question.other_id)) == (second["id"], first["id"])


def test_a_strangers_record_with_the_same_photo_is_not_named_to_who_may_not_read_it(
    here: World, officer: Actor
) -> None:
    question = asked(here)
    theirs = question.record
    WorkRecord.objects.filter(pk=theirs.pk).update(staff_id=here.county.auxiliary.pk)
    mine = WorkRecord.objects.exclude(pk=theirs.pk).get(kind="village_visit")
    Question.objects.filter(pk=question.pk).update(
        kind="reused_photo", record=mine, other=theirs, staff=mine.staff, facts={}
    )
    found = {
        name: queries.question_of(actor=actor, question_id=question.pk)
        for name, actor in (("station", here.county.as_station), ("officer", officer))
    }
    assert found["station"].other_id == theirs.pk
    village = theirs.village
    (row,) = queries.of_person(village_code=mine.village_id, staff_id=mine.staff_id)
    assert (row.other_id, village.name in row.text) == (None, False)
    Grant.objects.filter(user=here.user, village_code=village.code).delete()
    moved = queries.question_of(actor=actor_for(user=here.user), question_id=question.pk)
    assert (moved.other_id, village.name in moved.text) == (None, False)


def test_a_photo_of_a_record_taken_back_may_stand_at_the_new_one(here: World) -> None:
    first, second = visit(here), visit(here)
    for said in (first, second):
        if said is second:
            taken = {"record_id": first["id"], "reason": "重复登记"}
            here.phone.save("withdrawal", taken)
        here.phone.save("work_record", said)
        photo = {"id": str(new_id()), "record_id": said["id"], "sha256": "ab" * 32, "length": 9000}
        here.phone.save("photo", photo)
    assert here.phone.results() == ["accepted"] * 5
    assert look(since=now() - timedelta(hours=1)) == []


def test_no_assessment_hears_of_a_question() -> None:
    """They stand above assessment in the layers; nor does anything there speak of them."""
    sources = [*python_files("src/cunjing/assessment"), *python_files("src/cunjing/policy")]
    assert len(sources) > 50
    assert [path.name for path in sources if "cunjing.questions" in path.read_text("utf-8")] == []


def test_what_is_asked_about_a_record_withdrawn_since_closes_by_itself(here: World) -> None:
    question = asked(here)
    record, village = str(question.record_id), question.record.village_id
    here.phone.save("withdrawal", {"record_id": record, "reason": "村填错了"})
    assert here.phone.results(first=3) == ["accepted"]
    ask_questions.func()
    question.refresh_from_db()
    assert (question.close_reason, question.closed_by) == ("记录已作废：村填错了", None)
    assert question.closed_by_name == "系统"
    here.phone.pull()
    row = here.phone.scopes[village].rows["question", str(question.pk)]
    assert (row["closed"], row["close_reason"]) == (True, "记录已作废：村填错了")
    ask_questions.func()
    assert AuditEntry.objects.filter(record_id=str(question.pk), verb="ended").count() == 1


def test_a_corrected_record_is_still_asked_about_until_the_last_is_withdrawn(here: World) -> None:
    question = asked(here)
    village = question.record.village_id
    new = visit(here, village_code=village)
    said = {"record_id": str(question.record_id), "record": new, "reason": "日志写错"}
    here.phone.save("correction", said)
    assert here.phone.results(first=3) == ["accepted"]
    ask_questions.func()
    question.refresh_from_db()
    assert question.closed_at is None
    here.phone.save("withdrawal", {"record_id": new["id"], "reason": "没有去"})
    assert here.phone.results(first=4) == ["accepted"]
    ask_questions.func()
    question.refresh_from_db()
    assert question.close_reason == "记录已作废：没有去"


def test_only_the_system_closes_by_rule(here: World, officer: Actor) -> None:
    with pytest.raises(Problem):
        close_withdrawn(actor=officer)
