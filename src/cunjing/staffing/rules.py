"""Pure checks of what is written down about a person; nothing here reads the database."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypedDict

from cunjing.base.errors import FieldFault
from cunjing.staffing.models import Staff, StaffRole
from cunjing.standards.codes import EDUCATION
from cunjing.standards.dates import read_month
from cunjing.standards.errors import UnreadableValueError
from cunjing.standards.identity import read_identity
from cunjing.standards.phones import normalise_phone

BADGE = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff-]{1,19}")
SEXES = ("1", "2")


class StaffFields(TypedDict, total=False):
    """What may be said about a person. A key left out is not touched; empty text clears it.

    `id_number` is read for birth month and sex and then forgotten. `sex` is GB/T 2261.1,
    `education` a code of GB/T 4658, `birth_month` `YYYY-MM`.
    """

    name: str
    role: str
    unit_code: str
    post: str
    phone: str
    id_number: str
    birth_month: str
    sex: str
    education: str
    party_member: bool | None
    home_village_code: str
    trained_on: date | None
    on_duty_from: date | None


class StaffColumns(TypedDict, total=False):
    """The same, checked, under the names of the model's columns."""

    name: str
    role: str
    unit_id: str
    post: str
    phone: str
    birth_month: str
    sex: str
    education: str
    party_member: bool | None
    home_village_id: str | None
    trained_on: date | None
    on_duty_from: date | None


def clean_badge(text: str) -> str:
    """The badge number in its one written form: half-width, upper case.

    Raises UnreadableValueError for anything but 2 to 20 digits, letters, Chinese characters and
    dashes.
    """
    badge = unicodedata.normalize("NFKC", text).strip().upper()
    if not BADGE.fullmatch(badge):
        raise UnreadableValueError("警号请写2至20位数字或字母；没有警号的由县局编号，如ZL0001。")
    return badge


def clean_fields(fields: StaffFields) -> tuple[StaffColumns, list[FieldFault]]:
    """The columns to store and what is wrong; both may be non-empty, store nothing then."""
    columns: StaffColumns = {}
    faults: list[FieldFault] = []
    _copy_plain(fields=fields, columns=columns)
    for name, check in _CHECKS.items():
        if name not in fields:
            continue
        try:
            columns[name] = check(fields[name].strip())  # type: ignore[literal-required]
        except UnreadableValueError as error:
            faults.append(FieldFault(name, str(error)))
    _read_id_number(fields=fields, columns=columns, faults=faults)
    return columns, faults


def _copy_plain(*, fields: StaffFields, columns: StaffColumns) -> None:
    if "unit_code" in fields:
        columns["unit_id"] = fields["unit_code"]
    if "home_village_code" in fields:
        columns["home_village_id"] = fields["home_village_code"] or None
    if "party_member" in fields:
        columns["party_member"] = fields["party_member"]
    if "trained_on" in fields:
        columns["trained_on"] = fields["trained_on"]
    if "on_duty_from" in fields:
        columns["on_duty_from"] = fields["on_duty_from"]


def _read_id_number(
    *, fields: StaffFields, columns: StaffColumns, faults: list[FieldFault]
) -> None:
    text = fields.get("id_number", "").strip()
    if not text:
        return
    try:
        identity = read_identity(text)
    except UnreadableValueError as error:
        faults.append(FieldFault("id_number", str(error)))
        return
    if columns.get("birth_month") not in {None, "", identity.birth_month}:
        faults.append(FieldFault("birth_month", "出生年月与身份证号码不一致，请核对或只填一项。"))
    if columns.get("sex") not in {None, "", identity.sex}:
        faults.append(FieldFault("sex", "性别与身份证号码不一致，请核对或只填一项。"))
    columns["birth_month"] = identity.birth_month
    columns["sex"] = identity.sex


def _name(text: str) -> str:
    if not 1 <= len(text) <= 40:
        raise UnreadableValueError("请填写姓名，不超过40个字。")
    return text


def _post(text: str) -> str:
    if len(text) > 40:
        raise UnreadableValueError("职务不超过40个字。")
    return text


def _role(text: str) -> str:
    if text not in StaffRole.values:
        raise UnreadableValueError(f"岗位请从“{'、'.join(StaffRole.labels)}”中选择。")
    return text


def _phone(text: str) -> str:
    return normalise_phone(text) if text else ""


def _birth_month(text: str) -> str:
    return read_month(text) if text else ""


def _sex(text: str) -> str:
    if text and text not in SEXES:
        raise UnreadableValueError("性别请选择男或女。")
    return text


def _education(text: str) -> str:
    if text and text not in EDUCATION:
        raise UnreadableValueError("学历请从代码表中选择。")
    return text


_CHECKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "post": _post,
    "role": _role,
    "phone": _phone,
    "birth_month": _birth_month,
    "sex": _sex,
    "education": _education,
}


def check_duty(*, on_duty_from: date | None, on_duty_to: date | None) -> list[FieldFault]:
    """A fault where the end of duty does not lie after its beginning."""
    if on_duty_from and on_duty_to and on_duty_to <= on_duty_from:
        return [FieldFault("on_duty_to", "离岗日必须晚于到岗日。")]
    return []


def overlaps(*, start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two half-open intervals share a day; None is without end."""
    return (end is None or other_start < end) and (other_end is None or start < other_end)


_JUDGED = {"home_village_id": "籍贯村", "trained_on": "岗前培训日"}
"""Columns that verdicts rest on and that have no dates of their own."""


def replaces_judged(staff: Staff, *, changes: Mapping[str, object]) -> bool:
    """Whether `changes` (column → value) put something in the place of a home village or training
    date that stood there."""
    return any(getattr(staff, column) for column in _JUDGED if column in changes)


def with_judged(
    staff: Staff, *, changes: Mapping[str, object], names: Mapping[object, str], reason: str
) -> str:
    """What the audit keeps of `changes`: what verdicts rest on as it stood and as it stands now,
    and why. `names` are those of the villages, by code."""

    def shown(value: object) -> str:
        return f"{names[value]}（{value}）" if value in names else str(value or "空")

    told = "；".join(
        f"{label} {shown(getattr(staff, column))} 改为 {shown(changes[column])}"
        for column, label in _JUDGED.items()
        if column in changes
    )
    return "：".join(part for part in (told, reason.strip()) if part)


def tells_judged(text: str) -> bool:
    """Whether the audit's words tell of what verdicts rest on: of nothing else do colleagues read
    why, such as somebody's leaving."""
    return text.startswith(tuple(f"{label} " for label in _JUDGED.values()))
