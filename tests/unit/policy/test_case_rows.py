"""Rows of cases are rows of the contract's tables, each written once or so many times."""

from pathlib import Path

import pytest

from cunjing.policy.case_rows import check_rows
from cunjing.policy.decode import Decoder, compose

FILE = """\
world:
  villages:
    - {{village_code: "1", name: 甲{world}}}
cases:
  - {{name: 一, rows: {{}}}}
  - name: 二
    rows:
      events:
        - {{event_id: E1, kind: patrol, local_date: "2026-09-01"{row}}}
"""


def _found(folder: Path, *, world: str = "", row: str = "") -> list[tuple[int | None, str | None]]:
    path = folder / "cases.yaml"
    path.write_text(FILE.format(world=world, row=row), encoding="utf-8")
    decoder = Decoder()
    check_rows(compose(path), decoder)
    return [(finding.row, finding.column) for finding in decoder.findings]


@pytest.mark.parametrize("times", ["1", "2", "1000"])
def test_rows_of_the_tables_may_be_repeated(tmp_path: Path, times: str) -> None:
    assert _found(tmp_path, world=f", times: {times}", row=f", subkind: x, times: {times}") == []


@pytest.mark.parametrize("times", ["0", "1001", "-1", "2.0", "二", "[2]", "''", "²"])
def test_a_row_is_repeated_a_countable_number_of_times(tmp_path: Path, times: str) -> None:
    assert _found(tmp_path, world=f", times: {times}") == [(3, "times")]


def test_every_unknown_column_is_named_where_it_stands(tmp_path: Path) -> None:
    found = _found(tmp_path, world=", kind: x, nmae: y", row=", when: z")
    assert found == [(3, "kind"), (3, "nmae"), (9, "when")]
