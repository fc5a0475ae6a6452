"""The fields of a record as label and text, for people."""

from collections.abc import Mapping
from datetime import datetime

from cunjing.base.clock import SHANGHAI
from cunjing.console.forms.entry import FINDINGS
from cunjing.fieldwork.details import QUESTIONS, Audience, Publication
from cunjing.fieldwork.models import RecordKind
from cunjing.fieldwork.queries import LedgerRow

NOTHING = "问过，没有情况"


def detail_lines(row: LedgerRow) -> list[tuple[str, str]]:
    """Label and text of every field of the record's kind, empty ones left out."""
    details = row.details
    if row.kind is RecordKind.HOUSEHOLD_VISIT:
        lines = [("住户", row.household_address)]
        return lines + [
            (label, _answer(name, details.get(name))) for name, label in QUESTIONS.items()
        ]
    if row.kind is RecordKind.VILLAGE_VISIT:
        return _filled(
            ("到村", _clock(row.occurred_at)),
            ("离村", _clock(datetime.fromisoformat(str(details["left_at"])))),
            ("工作日志", str(details.get("log", ""))),
            ("过夜原因", str(details.get("overnight_reason", ""))),
        )
    if row.kind is RecordKind.INFORMATION:
        return _filled(
            ("信息类别", row.subkind_label),
            ("地点", str(details["place"])),
            ("内容", str(details["text"])),
            ("通报给", row.unit_name),
        )
    if row.kind is RecordKind.WARNING:
        return _filled(
            ("标题", str(details["title"])),
            ("内容", str(details["text"])),
            ("发布方式", _labels(Publication, details["published"])),
        )
    return _filled(
        ("类别", row.subkind_label),
        ("主题", str(details["topic"])),
        ("对象", _labels(Audience, details["audience"])),
        ("人数", str(details["audience_count"])),
    )


def _answer(name: str, answer: object) -> str:
    if not isinstance(answer, Mapping):
        return NOTHING
    said = [_labels(FINDINGS[name], answer.get("chips", [])), str(answer.get("text", ""))]
    return "；".join(part for part in said if part) or NOTHING


def _labels(choices: type, values: object) -> str:
    return (
        "、".join(str(choices(value).label) for value in values) if isinstance(values, list) else ""
    )


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _filled(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, text) for label, text in lines if text]
