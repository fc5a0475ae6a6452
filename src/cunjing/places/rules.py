"""Checks of places that need no database: dates of edits, codes, names, addresses."""

import re
from datetime import date

from cunjing.base.errors import FieldFault, Problem, conflict, invalid
from cunjing.places.models import Village
from cunjing.standards.divisions import Level, level_of
from cunjing.standards.errors import UnreadableValueError

NAME_LENGTH = 80
HAMLET_LENGTH = 60
ADDRESS_LENGTH = 80
REASON_LENGTH = 200

_NUMBER_OF_A_PERSON = re.compile(r"\d{11,}|\d{17}[0-9Xx]")
_PERSON_WORDS = ("户主", "身份证", "电话", "手机")


def check_effective(*, village: Village, effective_on: date, today: date) -> None:
    """An edit takes effect after the present state began and not in the future.

    The village's row is its state today: an edit of a coming day is entered on that day.
    """
    if village.valid_to is not None:
        raise conflict(
            f"{village.name}已于{village.valid_to:%Y-%m-%d}撤销，不能再变更。",
            village_code=village.code,
        )
    if effective_on <= village.valid_from:
        raise fault(
            "effective_on",
            f"生效日须晚于{village.name}现状的开始日{village.valid_from:%Y-%m-%d}，"
            "更早的历史不能改写。",
        )
    check_not_future(effective_on=effective_on, today=today)


def check_not_future(*, effective_on: date, today: date) -> None:
    """A division edit is entered on its day or later."""
    if effective_on > today:
        raise fault("effective_on", "生效日不能晚于今天，请到生效当天再登记。")


def check_reason(reason: str) -> None:
    """Every decision says why."""
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise fault("reason", f"请写明变更说明，不超过{REASON_LENGTH}字。")


def check_name(*, name: str, field: str, limit: int) -> str:
    """The name without surrounding spaces; neither empty nor too long."""
    name = name.strip()
    if not name or len(name) > limit:
        raise fault(field, f"名称不能为空，不超过{limit}字。")
    return name


def check_new_code(*, code: str, township_code: str) -> None:
    """A new village's twelve digits begin with its township's nine."""
    try:
        right = level_of(code) is Level.VILLAGE and code.startswith(township_code)
    except UnreadableValueError:
        right = False
    if not right:
        raise fault("village_code", f"新村代码应为12位数字，前9位为乡镇代码{township_code}。")


def check_address(address: str) -> str:
    """The address without surrounding spaces. It names a door, never who lives behind it.

    Refuses long digit runs (telephone and identity numbers) and words that announce a person.
    """
    address = check_name(name=address, field="address", limit=ADDRESS_LENGTH)
    if _NUMBER_OF_A_PERSON.search(address) or any(word in address for word in _PERSON_WORDS):
        raise fault("address", "门牌地址只写位置，请不要写姓名、电话、证件号码。")
    return address


def check_priority(priority: int) -> None:
    """0 (none) to 3 (soonest)."""
    if priority not in range(4):
        raise fault("visit_priority", "走访优先级为0、1、2、3。")


def check_coordinates(*, longitude: float, latitude: float) -> None:
    """Inside the country's bounding box, so that swapped or mistyped figures are found."""
    if not (73 <= longitude <= 136 and 3 <= latitude <= 54):
        raise fault("longitude", "经纬度不在国内，请核对：经度73至136，纬度3至54，不要写反。")


def fault(field: str, message: str) -> Problem:
    """A refusal of one field."""
    return invalid(message, FieldFault(field, message))
