"""Objects numbered within their village: what is refused, and that no verdict hangs on it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.facts_tables import Tables, write_folder
from tests.support.parquet_folders import write_parquet_folder
from tests.support.rulebook import WORK

from cunjing.policy import duck
from cunjing.policy.duck.run import Run
from cunjing.policy.errors import InputError
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.periods import parse_period

ASKED: dict[str, Any] = {
    "policy": WORK,
    "period": parse_period("2026-Q3"),
    "as_of": datetime(2027, 1, 1, tzinfo=UTC),
}
FIRST, SECOND = "532323100200", "532323100201"


def call(event_id: str, *, village: str | None = FIRST, home: str | None, no: int | None) -> Any:
    """A household visit."""
    return {
        "event_id": event_id,
        "kind": "household_visit",
        "village_code": village,
        "staff_id": "S1",
        "local_date": date(2026, 9, 10),
        "object_id": home,
        "object_no": no,
    }


def world(*calls: Any) -> Tables:
    """Two villages, one officer of both."""
    return {
        "villages": [{"village_code": code, "name": "村"} for code in (FIRST, SECOND)],
        "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
        "postings": [
            {
                "posting_id": f"P{code}",
                "village_code": code,
                "staff_id": "S1",
                "role": "liaison_officer",
                "valid_from": date(2020, 1, 1),
            }
            for code in (FIRST, SECOND)
        ],
        "events": list(calls),
    }


def refusal(folder: Path, *calls: Any) -> list[tuple[int | None, str]]:
    """Rows and texts of what is said against `object_no`."""
    write_folder(folder, world(*calls))
    with pytest.raises(InputError) as refused, open_facts(folder):
        pass
    assert {finding.column for finding in refused.value.findings} == {"object_no"}
    assert {finding.file for finding in refused.value.findings} == {"events.csv"}
    return [(finding.row, finding.message) for finding in refused.value.findings]


def test_the_same_number_in_two_villages_is_fine(tmp_path: Path) -> None:
    calls = [call("E1", home="H1", no=0), call("E2", village=SECOND, home="H2", no=0)]
    write_folder(tmp_path, world(*calls))
    with open_facts(tmp_path) as facts:
        assert facts.most_object_no() == 0


def test_no_numbers_are_fine(tmp_path: Path) -> None:
    write_folder(tmp_path, world(call("E1", home="H1", no=None)))
    with open_facts(tmp_path) as facts:
        assert facts.most_object_no() is None


def test_objects_too_many_for_bits_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    write_folder(tmp_path, world(call("E1", home="H1", no=4096)))
    with open_facts(tmp_path) as facts:
        assert facts.most_object_no() is None


MISSING = "没有编号：有 object_id 和 village_code 的记录都要编号，或整列空着"
NOTHING = "没有 object_id 或 village_code 的记录不编号"


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([call("E1", home="H1", no=0), call("E2", home="H2", no=None)], {3: MISSING}),
        ([call("E1", home=None, no=0)], {2: f"“0”{NOTHING}"}),
        ([call("E1", village=None, home="H1", no=0)], {2: f"“0”{NOTHING}"}),
        ([call("E1", home="H1", no=-1)], {2: "“-1”编号从 0 起"}),
        (
            [call("E1", home="H1", no=0), call("E2", home="H2", no=0)],
            {3: "“0”这个编号在同一个村里指了不同的对象"},
        ),
        (
            [call("E1", home="H1", no=0), call("E2", home="H1", no=1)],
            {3: "“1”同一个对象在同一个村里有不同的编号"},
        ),
    ],
    ids=["missing", "no object", "no village", "below 0", "two objects", "two numbers"],
)
def test_a_number_that_is_none_is_refused(
    tmp_path: Path, calls: list[Any], said: dict[int, str]
) -> None:
    assert dict(refusal(tmp_path, *calls)) == said


def test_many_of_them_are_counted(tmp_path: Path) -> None:
    """As many as are shown, and more."""
    calls = [call(f"E{number}", home=f"H{number}", no=-1 - number) for number in range(7)]
    shown = refusal(tmp_path, *calls[:5])
    assert [row for row, _ in shown] == [2, 3, 4, 5, 6]
    found = refusal(tmp_path, *calls)
    assert found[5:] == [(None, "还有 2 行有同样的问题")]


@pytest.mark.parametrize("column", ["object_id", "village_code"])
def test_where_nothing_is_to_be_numbered_nothing_may_be(tmp_path: Path, column: str) -> None:
    write_folder(tmp_path, world())
    names = [name for name in ("village_code", "object_id") if name != column]
    text = f"event_id,kind,local_date,object_no,{names[0]}\nE1,patrol,2026-09-10,0,{FIRST}\n"
    (tmp_path / "events.csv").write_text(text, "utf-8")
    with pytest.raises(InputError) as refused, open_facts(tmp_path):
        pass
    (found,) = refused.value.findings
    assert (found.file, found.row, found.message) == ("events.csv", 2, f"“0”{NOTHING}")


def test_many_events_in_no_order_are_added_up_as_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [call(f"E{number}", home=f"H{number}", no=number) for number in range(3)]
    write_parquet_folder(tmp_path, world(*calls), parts={}, group_rows=2)
    done: list[str] = []
    plain = Run._do

    def noted(self: Run, file: str, name: str = "") -> None:
        done.append(name)
        plain(self, file, name)

    monkeypatch.setattr(Run, "_do", noted)
    with open_facts(tmp_path) as facts:
        monkeypatch.setattr(Facts, "ranges", lambda _: ())
        duck.evaluate(**ASKED, facts=facts)
        assert "make_numbered" in done
        done.clear()
        monkeypatch.setattr("cunjing.policy.facts._ROWS_AT_A_TIME", 2)
        duck.evaluate(**ASKED, facts=facts)
        assert "make_numbered" not in done


def test_numbers_change_no_verdict(tmp_path: Path) -> None:
    told = []
    for name, numbers in (("with", (0, 1, 0, 0)), ("without", (None,) * 4)):
        homes = ("H1", "H2", "H1", "H9")
        villages = (FIRST, FIRST, FIRST, SECOND)
        calls = [
            {
                **call(f"E{n}", village=village, home=home, no=no),
                "local_date": date(2026, 7 + n % 3, 9),
            }
            for n, (village, home, no) in enumerate(zip(villages, homes, numbers, strict=True))
        ]
        (tmp_path / name).mkdir()
        write_parquet_folder(tmp_path / name, world(*calls), parts={}, group_rows=2)
        with open_facts(tmp_path / name) as facts:
            assert (facts.most_object_no() is not None) == (name == "with")
            told.append(duck.evaluate(**ASKED, facts=facts))
    assert told[0] == told[1]
