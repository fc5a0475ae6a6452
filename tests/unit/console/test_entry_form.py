"""Ids of the parts of a visit, and the rows of its form."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from cunjing.base.ids import new_id
from cunjing.console.forms.entry import FINDINGS, EntryForms, part_id
from cunjing.fieldwork.details import QUESTIONS


@given(st.uuids(), st.text(min_size=1, max_size=20))
def test_a_part_id_is_a_uuid7_of_its_visit(visit_id: UUID, name: str) -> None:
    found = part_id(visit_id, name)
    assert found.version == 7
    assert found.variant == "specified in RFC 4122"
    assert found.bytes[:6] == visit_id.bytes[:6], "it sorts with its visit"
    assert found == part_id(visit_id, name), "a page sent twice names the same parts"


def test_part_ids_differ_by_visit_and_by_name() -> None:
    visit = new_id()
    names = [f"calls.{number}" for number in range(60)] + ["warning", "session"]
    assert len({part_id(visit, name) for name in names}) == len(names)
    assert part_id(visit, "calls.0") != part_id(new_id(), "calls.0")
    assert part_id(uuid4(), "calls.0") != visit


def test_the_form_asks_every_question_in_their_order() -> None:
    """Six questions at a household, each with chips and a line of text."""
    assert list(FINDINGS) == list(QUESTIONS)
    forms = EntryForms(people=(), households=())
    questions = forms.calls.empty_form.questions()
    assert [chips.label for chips, _text in questions] == list(QUESTIONS.values())
