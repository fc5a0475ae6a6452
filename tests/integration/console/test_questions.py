"""Questions on the console: a box to answer on the first page, closed with a reason."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.questions.models import Question


@pytest.fixture
def chief(world: World) -> Client:
    return visitor(world, "chief")


@pytest.fixture
def officer(world: World) -> Client:
    return visitor(world, "officer")


def test_who_is_asked_finds_the_box_on_the_first_page(world: World, officer: Client) -> None:
    page = text_of(officer.get(reverse("home")))
    assert "请您说明" in page
    assert "95%相同" in page
    where = reverse("question_answer", args=[world.own.question])
    done = officer.post(where, {"text": "同一条路线。"}, follow=True)
    assert notices_of(done) == ["已答复，由派出所了结。"]
    assert "同一条路线。" in text_of(done)
    assert "请您说明" not in text_of(officer.get(reverse("home")))


def test_somebody_else_closes_it(world: World, chief: Client, officer: Client) -> None:
    listed = text_of(chief.get(reverse("questions")))
    assert "示例甲地" in listed
    assert "示例乙地" not in listed
    where = reverse("question_close", args=[world.own.question])
    before = stored()
    assert notices_of(chief.post(where, {"reason": ""}, follow=True))
    assert stored() == before
    done = chief.post(where, {"reason": "线路相同，属实"}, follow=True)
    assert "线路相同，属实" in text_of(done)
    assert "线路相同，属实" in text_of(officer.get(reverse("question", args=[world.own.question])))
    assert "没有需要说明的" in text_of(chief.get(reverse("questions")))


def test_the_list_counts_nobody(world: World, chief: Client) -> None:
    """In the order asked; no number stands beside a name."""
    page = chief.get(reverse("questions"))
    rows = page.context["rows"]
    assert [row.asked_at for row in rows] == sorted(row.asked_at for row in rows)
    assert not any(isinstance(value, int) for row in rows for value in vars_of(row))


def vars_of(row: object) -> list[object]:
    return [getattr(row, name) for name in type(row).__slots__ if name != "own"]  # type: ignore[attr-defined]  # a slotted dataclass


def test_a_text_that_may_not_be_kept_is_told(world: World, officer: Client) -> None:
    where = reverse("question_answer", args=[world.own.question])
    done = officer.post(where, {"text": "找13800000000问"}, follow=True)
    assert "个人信息" in "".join(notices_of(done))
    assert not Question.objects.get(pk=world.own.question).answer
