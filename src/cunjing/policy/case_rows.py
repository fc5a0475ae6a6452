"""Whether the rows written in a file of cases can be rows of facts: tables, columns, repetition."""

from yaml.nodes import Node, ScalarNode, SequenceNode

from cunjing.policy.decode import Decoder
from cunjing.policy.tables import TABLES

TIMES = "times"
"""The key that repeats a row."""

_MOST_TIMES = 1000


def check_rows(node: Node, decoder: Decoder) -> None:
    """Add a finding for every table and column the contract does not have.

    `node` is a whole file of cases that has decoded well.
    """
    pairs = decoder.pairs(node, None)
    _check_tables(pairs["world"][1], decoder)
    cases = pairs["cases"][1]
    for case in cases.value if isinstance(cases, SequenceNode) else ():
        _check_tables(decoder.pairs(case, None)["rows"][1], decoder)


def _check_tables(node: Node, decoder: Decoder) -> None:
    for name, (key, rows) in decoder.pairs(node, None).items():
        if name not in TABLES:
            decoder.bad(key, name, f"没有这张表，可用的表：{'、'.join(TABLES)}")
        elif isinstance(rows, SequenceNode):
            for row in rows.value:
                _check_row(row, TABLES[name].names, decoder)


def _check_row(node: Node, names: tuple[str, ...], decoder: Decoder) -> None:
    for name, (key, cell) in decoder.pairs(node, None).items():
        if name == TIMES:
            _check_times(cell, decoder)
        elif name not in names:
            decoder.bad(key, name, f"没有这一列，可用的列：{'、'.join(names)}")


def _check_times(cell: Node, decoder: Decoder) -> None:
    text = cell.value if isinstance(cell, ScalarNode) else ""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_TIMES):
        decoder.bad(cell, TIMES, f"应是 1 至 {_MOST_TIMES} 的整数，说明这一行写几遍")
