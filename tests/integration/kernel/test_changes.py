"""Numbering the change log, scope by scope."""

import pytest

from cunjing.kernel.changes import number_changes, with_news
from cunjing.kernel.models import Change

pytestmark = pytest.mark.django_db


def changed(scope: str, *names: str) -> None:
    for name in names:
        Change.objects.create(scope=scope, record_type="x", record_id=name)


def test_changes_are_numbered_once_in_the_order_they_were_made() -> None:
    changed("a", "1", "2")
    changed("b", "3")
    changed("a", "1")
    assert with_news(["a", "b", "c"]) == {"a", "b"}
    found = number_changes(scope="a", after=10)
    assert sorted((one.number, one.record_type, one.record_id) for one in found) == [
        (11, "x", "1"),
        (12, "x", "2"),
        (13, "x", "1"),
    ]
    assert number_changes(scope="a", after=13) == []
    assert with_news(["a", "b", "c"]) == {"b"}
    assert Change.objects.get(scope="b").number is None
