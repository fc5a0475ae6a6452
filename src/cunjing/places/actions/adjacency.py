"""Which townships touch: said by hand or imported from a CSV file."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from cunjing.base.errors import FieldFault, Problem, ProblemKind, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_division, jurisdiction_of
from cunjing.places.models import Division, DivisionLevel, TownshipAdjacency

COLUMNS = ("township_code", "adjacent_code")
ENCODINGS = ("utf-8-sig", "gb18030")


def add_adjacency(*, actor: Actor, pairs: Iterable[tuple[str, str]]) -> tuple[int, int]:
    """Say that the townships of each pair touch, in either order; (added, known before).

    One of the two lies in the actor's jurisdiction; the other may be across the county border.
    """
    wanted = {(min(pair), max(pair)) for pair in pairs}
    _check_pairs(actor=actor, pairs=wanted)
    here = set(
        TownshipAdjacency.objects.filter(
            township_id__in={first for first, _ in wanted}
        ).values_list("township_id", "adjacent_id")
    )
    new = [
        TownshipAdjacency(township_id=first, adjacent_id=second)
        for first, second in sorted(wanted - here)
    ]
    if new:
        with writing(actor=actor, permission=Permission.DIVISION_EDIT) as write:
            TownshipAdjacency.objects.bulk_create(new)
            for pair in new:
                write.note(pair, AuditVerb.CREATED)
    return len(new), len(wanted) - len(new)


def remove_adjacency(*, actor: Actor, township_code: str, adjacent_code: str, reason: str) -> None:
    """Take back that two townships touch."""
    first, second = sorted((township_code, adjacent_code))
    _check_pairs(actor=actor, pairs={(first, second)})
    with writing(actor=actor, permission=Permission.DIVISION_EDIT) as write:
        pair = TownshipAdjacency.objects.filter(township_id=first, adjacent_id=second).first()
        if pair is None:
            raise not_found("没有登记这两个乡镇相邻。")
        write.note(pair, AuditVerb.ENDED, reason=reason)
        pair.delete()


def import_adjacency(*, actor: Actor, file: Path) -> tuple[int, int]:
    """Read pairs from a CSV file (UTF-8 or GB18030) with the columns of the facts contract.

    All or nothing; faults name the row as a person counts, the header being row 1.
    """
    rows = list(csv.DictReader(io.StringIO(_text(file))))
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise invalid(f"文件第一行应为“{','.join(COLUMNS)}”，下面每行写两个9位乡镇代码。")
    known = set(
        Division.objects.filter(
            code__in={str(row[column]).strip() for row in rows for column in COLUMNS},
            level=DivisionLevel.TOWNSHIP,
        ).values_list("code", flat=True)
    )
    pairs, faults = [], []
    for number, row in enumerate(rows, start=2):
        first, second = (str(row[column] or "").strip() for column in COLUMNS)
        faults += [
            FieldFault(column, f"没有乡镇代码“{code}”，请先导入区划或改正。", number, column)
            for column, code in zip(COLUMNS, (first, second), strict=True)
            if code not in known
        ]
        if first == second:
            faults.append(FieldFault(COLUMNS[1], "乡镇不能与自己相邻。", number, COLUMNS[1]))
        pairs.append((first, second))
    if faults:
        raise invalid("相邻关系文件有误，什么都没有导入。", *faults)
    return add_adjacency(actor=actor, pairs=pairs)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Problem(ProblemKind.UNREADABLE_FILE, f"打不开文件{file}。") from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem(ProblemKind.UNREADABLE_FILE, "文件编码读不出来，请另存为UTF-8编码的CSV。")


def _check_pairs(*, actor: Actor, pairs: set[tuple[str, str]]) -> None:
    reach = jurisdiction_of(actor=actor, permission=Permission.DIVISION_EDIT)
    for first, second in sorted(pairs):
        if first == second:
            raise invalid("乡镇不能与自己相邻。", FieldFault("adjacent_code", "请写另一个乡镇。"))
        if not (reach.covers(first) or reach.covers(second)):
            check_division(actor=actor, permission=Permission.DIVISION_EDIT, code=first)
    codes = {code for pair in pairs for code in pair}
    known = set(
        Division.objects.filter(code__in=codes, level=DivisionLevel.TOWNSHIP).values_list(
            "code", flat=True
        )
    )
    if missing := sorted(codes - known):
        raise invalid(f"没有乡镇代码{'、'.join(missing)}，请先导入区划。")
