"""The same content from many threads at once: every answer the same, one row stored."""

import pytest
from tests.support import api_factories
from tests.support.api_factories import SENT, Program, stored
from tests.support.race import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", SENT)
def test_the_same_twice_at_the_same_moment_is_stored_once(path: str) -> None:
    program: Program = api_factories.world().officer
    body = SENT[path][0]()
    assert program.get("/me")
    before = stored()
    answers = at_once(lambda _: program.post(path, body))
    answers.append(program.post(path, body))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    after = stored()
    assert all(0 <= now - then <= 3 for now, then in zip(after, before, strict=True))
    assert after != before
