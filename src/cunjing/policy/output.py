"""Verdicts as table, JSON, CSV or Parquet; files appear whole or not at all."""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path

from cunjing.policy.errors import RequestError
from cunjing.policy.naming import writable_name
from cunjing.policy.verdict import Count, Verdict
from cunjing.policy.words import VERDICTS

_INTEGERS = {"value", "evidence_count"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_IDS = {"subject", "village_code", "staff_id", "household_id", "car_id"}
_SHOWN = ("rule", "subject", "village_code", "value", "operator", "threshold", "verdict")


def as_json(verdicts: Sequence[Verdict]) -> str:
    """One array, one verdict a line."""
    encoder = json.JSONEncoder(ensure_ascii=False)
    lines = (encoder.encode(verdict.as_dict()) for verdict in verdicts)
    body = ",\n ".join(lines)
    return f"[{body}]\n"


def as_csv(verdicts: Sequence[Verdict]) -> str:
    """Header and rows; ranges as `[low, high]`; ids that a spreadsheet would run get a quote."""
    return csv_text(_names(), (verdict.as_dict() for verdict in verdicts))


def as_table(
    verdicts: Sequence[Verdict], *, county_rules: Sequence[str] = (), with_policy: bool = False
) -> str:
    """Aligned columns for people; below, a count of each outcome and whose numbers they are."""
    contents = (verdict.as_dict() for verdict in verdicts)
    shown = ("policy", *_SHOWN) if with_policy else _SHOWN
    rows = [[str(_cell(content[name])) for name in shown] for content in contents]
    lines = aligned([shown, *rows])
    counts = {kind: sum(verdict.verdict is kind for verdict in verdicts) for kind in VERDICTS}
    summary = "，".join(f"{VERDICTS[kind]} {count}" for kind, count in counts.items() if count)
    lines += ["", f"共 {len(verdicts)} 条：{summary or '没有'}"]
    if county_rules:
        lines.append(by_county(county_rules))
    return "\n".join(lines) + "\n"


def by_county(rules: Sequence[str]) -> str:
    """Says of rules that their threshold is no number of the document."""
    return f"门槛由县里定，不是原文的数字：{'、'.join(rules)}"


def as_counts(counts: Iterable[Count], *, with_policy: bool = False) -> str:
    """CSV: how many verdicts of each kind a rule has in each county; with its policy, if asked."""
    names = [name for name in Count._fields if with_policy or name != "policy"]
    return csv_text(names, (count._asdict() for count in counts))


def counted(verdicts: Iterable[Verdict]) -> list[Count]:
    """Verdicts of one policy counted by rule, county and kind, sorted."""
    found = Counter(
        (item.rule, item.village_code and item.village_code[:6], item.verdict, item.policy)
        for item in verdicts
    )
    counts = [
        Count(rule, county, kind, number, policy)
        for (rule, county, kind, policy), number in found.items()
    ]
    return sorted(counts, key=lambda item: (item.rule, item.county_code or "", item.verdict))


def csv_text(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Header and rows of the named columns; None is an empty cell, ids are made harmless."""
    buffer = io.StringIO()
    plain = csv.writer(buffer, lineterminator="\n")
    # The writer quotes only what its own line ends in; a reader breaks lines at this one, too.
    quoting = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(names)
    for row in rows:
        cells = [_neutral(name, _cell(row[name])) for name in names]
        torn = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoting if torn else plain).writerow(cells)
    return buffer.getvalue()


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in which every column begins at the same place, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def deliver(text: str, out: str | None) -> str:
    """The text for standard output; empty where it went to the file `out` instead."""
    if out is None:
        return text
    write_text(Path(out), text)
    return ""


def write_text(path: Path, text: str) -> None:
    """Write a file whole: beside it first, then renamed."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_parquet(path: Path, verdicts: Sequence[Verdict]) -> None:
    """The same columns as the CSV: integers for value and count, text for the rest."""
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second of start-up nobody else pays
    from pyarrow import parquet  # noqa: PLC0415 - as above

    rows = [verdict.as_dict() for verdict in verdicts]
    columns = {}
    for name in _names():
        kind = pa.int64() if name in _INTEGERS else pa.string()
        cells = (row[name] for row in rows)
        converted = [cell if name in _INTEGERS else _text(cell) for cell in cells]
        columns[name] = pa.array(converted, type=kind)
    with whole_file(path) as temporary:
        parquet.write_table(pa.table(columns), writable_name(temporary))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place at the end. RequestError when it cannot.

    A symbolic link stays and the file it points at is replaced. A device or a pipe is refused:
    renaming would put a file in its place, and what is written into it does not appear whole. So is
    the file the output goes to: `/dev/stdout` is a name of it, and what stands in it would be gone.
    """
    if not path.name:
        raise RequestError(f"“{path}”不是文件名，请检查 --out")
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink() or (path.exists() and not path.is_file() and not path.is_dir()):
        raise RequestError(f"“{path}”是设备或管道，不是普通文件，不能写在那里，请检查 --out")
    if _takes_output(target):
        told = "是这次命令的输出已经去的文件，请去掉 --out，或换个名字"
        raise RequestError(f"“{path}”{told}")
    # Short, since the target's own name may fill all the room there is for one.
    temporary = target.with_name(f".{os.urandom(8).hex()}")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        # What libraries say beside the number names the temporary file.
        reason = os.strerror(error.errno) if error.errno else error.strerror
        raise RequestError(f"写不了“{path}”，请检查文件夹、权限和空间（{reason}）") from error
    finally:
        temporary.unlink(missing_ok=True)


def _takes_output(target: Path) -> bool:
    """Whether standard output or standard error is redirected to the file."""
    try:
        found = target.stat()
    except OSError:
        return False
    for number in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(number), found):
                return True
    return False


def _names() -> list[str]:
    return [field.name for field in fields(Verdict)]


def _cell(value: object) -> object:
    return "" if value is None else value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _neutral(name: str, value: object) -> object:
    if name in _IDS and isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
