"""Every row of a CSV is as wide as its header and ends like it; else the row is named."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.policy import csv_rows
from cunjing.policy.csv_rows import LONGEST_ROW, check_rows
from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.records import VillageRow

from .folders import VILLAGE, sound_folder

SOUND = {
    "LF": b"a,b\n1,2\n3,4\n",
    "CRLF": b"a,b\r\n1,2\r\n3,4\r\n",
    "CR": b"a,b\r1,2\r3,4\r",
    "no end of the last row": b"a,b\r\n1,2\r\n3,4",
    "only a header": b"a,b",
    "empty rows at the end": b"a,b\n1,2\n\n\n",
    "a byte order mark": b'\xef\xbb\xbf"a",b\n1,2\n',
    "commas in quotes": b'a,b\n"1,,,",2\n',
    "quotes in quotes": b'a,b\n"1"",",2\n"""",","\n',
    "another line end in quotes": b'a,b\r\n1,"2\n\r\n\r,"\r\n3,4\r\n',
    "what looks like a cell within a cell": b'a,b\n"",",""a\n"\n',
    "a quote within a cell": b'a,b\n5" pipe,2\n3,4\n',
    "blanks round quotes": b'a,b\n "1,1" ,2\n',
    "the last cell of two lines": b'a,b\n"1","2\n3"\n4,5\n',
    "a cell of two lines after one without quotes": b'a,b\n1,"2\n3"\n4,5\n',
    "as long as can be": b"a,b\n1," + b"x" * (LONGEST_ROW - 2) + b"\n",
    "as long as can be in quotes": b'a,b\n1,"' + b"x" * (LONGEST_ROW - 5) + b'\n"\n',
    "a cell of a megabyte": b'a,b\n"1' + b"x" * 1_000_000 + b'",2\n',
}
BROKEN = {
    "an empty cell too many": (b"a,b\n1,2\n3,,4\n", 3, "有 3 格，表头有 2 列"),
    "empty cells at the end": (b"a,b\n1,2,,\n", 2, "有 4 格，表头有 2 列"),
    "a cell too few": (b"a,b\n1\n", 2, "有 1 格"),
    "a cell too many after a cell of two lines": (b'a,b\n"1\n",2\n3,4,\n', 3, "有 3 格"),
    "an empty row between others": (b"a,b\n1,2\n\n\n3,4\n", 3, "空行"),
    "an empty row before a wrong one": (b"a,b\n\n3,4,\n", 2, "空行"),
    "LF among CRLF": (b"a,b\r\n1,2\r\n3,4\n5,6\n", 3, "换行"),
    "CRLF among LF": (b"a,b\n1,2\n3,4\r\n5,6\n", 3, "换行"),
    "CR among LF": (b"a,b\n1,2\r3,4\n5,6\n", 2, "换行"),
    "an empty row ending otherwise": (b"a,b\r\n1,2\r\n\n", 3, "换行"),
    "a quote not closed": (b'a,b\n"1,2\n3,4\n', 2, "引号不成对"),
    "a quote not closed in a file of quotes": (b'a,b\n"1","2\n"3","4"\n', 2, "引号不成对"),
    "letters after the quote": (b'a,b\n"1"x,2\n', 2, "引号不成对"),
    "letters after the second quote": (b'a,b\n"1","2"x\n3,4\n', 2, "引号不成对"),
    "letters after a quote that follows a bare cell": (b'a,b\n1,"2"x\n3,4\n', 2, "引号不成对"),
    "letters after the quote of a cell of two lines": (
        b'a,b\n1,"2\n"x\n' + b'3,"4"\n',
        2,
        "引号不成对",
    ),
    "a row too long by one": (b"a,b\n1," + b"x" * (LONGEST_ROW - 1) + b"\n", 2, "太长"),
    "a row too long by one in quotes": (
        b'a,b\n1,"' + b"x" * (LONGEST_ROW - 4) + b'\n"\n',
        2,
        "太长",
    ),
    "a row too long": (b"a,b\n1," + b"x" * LONGEST_ROW + b"\n", 2, "太长"),
    "a row too long in quotes": (b'a,b\n"' + b"x" * LONGEST_ROW + b'",2\n', 2, "太长"),
    "a quote that swallows the file": (b'a,b\n"1,2\n' + b"3,4\n" * 500_000, 2, "太长"),
}


def looked_at(folder: Path, content: bytes) -> tuple[int | None, str] | None:
    """Row and message of what is wrong with a file of two columns."""
    path = folder / "t.csv"
    path.write_bytes(content)
    found = check_rows(path, width=2)
    return None if found is None else (found.row, found.message)


@pytest.mark.parametrize("name", SOUND)
def test_rows_like_the_header_are_sound(tmp_path: Path, name: str) -> None:
    assert looked_at(tmp_path, SOUND[name]) is None


@pytest.mark.parametrize("name", BROKEN)
def test_the_first_wrong_row_is_named(tmp_path: Path, name: str) -> None:
    content, row, words = BROKEN[name]
    found = looked_at(tmp_path, content)
    assert found is not None
    assert found[0] == row
    assert words in found[1]


cells = st.text(st.sampled_from('a ,"\n\r村'), max_size=6)


@given(rows=st.lists(st.tuples(cells, cells), min_size=1), end=st.sampled_from(["\n", "\r\n"]))
def test_what_a_writer_of_csv_writes_is_sound(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], end: str
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    folder = tmp_path_factory.mktemp("csv")
    assert looked_at(folder, buffer.getvalue().encode()) is None


def test_a_slipped_comma_does_not_give_a_visit_its_log(tmp_path: Path) -> None:
    events = (
        "event_id,kind,village_code,staff_id,local_date,object_id,log_id\n"
        f"E1,village_visit,{VILLAGE},S1,2026-09-01,,O1,\n"
    )
    with pytest.raises(InputError, match=r"events\.csv：第2行：有 8 格，表头有 7 列"):
        open_facts(sound_folder(tmp_path, events=events))


def test_the_longest_row_that_is_let_through_is_read(tmp_path: Path) -> None:
    name = "甲" * ((LONGEST_ROW - len(VILLAGE) - 1) // 3)
    villages = f"village_code,name\n{VILLAGE},{name}\n"
    with open_facts(sound_folder(tmp_path, villages=villages)) as facts:
        assert [row.name for row in facts.rows(VillageRow)] == [name]


def test_a_stray_quote_costs_no_square_of_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    whole = csv_rows._QUOTED
    monkeypatch.setattr(csv_rows, "_QUOTED", _Counted(whole, asked))
    lines = b'1,2 ""x""\n' * 500
    assert looked_at(tmp_path, b'a,b\n"open,1\n' + lines) is not None
    assert len(asked) < 20


class _Counted:
    """A pattern that says how often it is asked to look at a whole row."""

    def __init__(self, pattern: re.Pattern[str], asked: list[int]) -> None:
        self._pattern, self._asked = pattern, asked

    def sub(self, new: str, text: str) -> str:
        self._asked.append(len(text))
        return self._pattern.sub(new, text)

    def match(self, text: str, place: int) -> re.Match[str] | None:
        return self._pattern.match(text, place)
