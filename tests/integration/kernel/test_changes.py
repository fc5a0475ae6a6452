"""The change log: numbered scope by scope, and asked for when something was told."""

import pytest

from cunjing.kernel.changes import last_told, number_changes, with_news
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


def test_when_a_scope_was_last_told_of_a_record() -> None:
    changed("a", "1", "2")
    changed("b", "1")
    changed("a", "1")
    newest = Change.objects.filter(scope="a", record_id="1").order_by("-pk")[0]
    Change.objects.create(scope="a", record_type="y", record_id="1")
    told = last_told(record_type="x", record_ids=["1", "3"], scopes=["a", "c"])
    assert told == {("1", "a"): newest.at}
