"""Merging by field: other fields merge, the same field keeps the station's value."""

import pytest

from cunjing.base.merging import Clash, FieldEdit, Merged, merge

HERE = {"address": "乙路", "visit_priority": 1}


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (FieldEdit("乙路", "丙路"), Merged({"address": "丙路"})),
        (FieldEdit("甲路", "丙路"), Merged({}, (Clash("address", "甲路", "乙路", "丙路"),))),
        (FieldEdit("甲路", "乙路"), Merged()),
        (FieldEdit("乙路", "乙路"), Merged()),
    ],
    ids=["untouched here", "touched by both", "both the same", "nothing new"],
)
def test_one_field(edit: FieldEdit, wanted: Merged) -> None:
    assert merge(current=HERE, edits={"address": edit}) == wanted


def test_a_clash_does_not_hold_up_other_fields() -> None:
    edits = {"address": FieldEdit("甲路", "丙路"), "visit_priority": FieldEdit(1, 3)}
    merged = merge(current=HERE, edits=edits)
    assert merged.values == {"visit_priority": 3}
    assert [clash.field for clash in merged.clashes] == ["address"]
