"""Citizen identity numbers (GB 11643). Read once for what they say; the product keeps none."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from cunjing.base.clock import today
from cunjing.standards.errors import UnreadableValueError

_SHAPE = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{15}[0-9X]")
"""A province of GB/T 2260 (81–83 for residents from Hong Kong, Macao, Taiwan), then the rest.

The county is not checked: python-stdnum refuses one that was given its code after the holder's
birth, but numbers were handed out from 1984 on to people born long before.
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says: `sex` is GB/T 2261.1, `1` male or `2` female."""

    birth_date: date
    sex: str

    @property
    def birth_month(self) -> str:
        """`YYYY-MM`."""
        return f"{self.birth_date:%Y-%m}"


def read_identity(text: str) -> Identity:
    """Birth date and sex from an eighteen-digit number.

    Checks length, province, birth date and check digit; no message repeats the number.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) != 18:
        raise UnreadableValueError("身份证号码应为18位，请对照证件核对。")
    if not _SHAPE.fullmatch(number):
        raise UnreadableValueError("身份证号码的前两位或某一位不对，请对照证件逐位核对。")
    if number[-1] != ric.calc_check_digit(number):
        raise UnreadableValueError("身份证号码的校验码不对，请对照证件逐位核对。")
    return Identity(birth_date=_birth_date(number), sex="1" if int(number[16]) % 2 else "2")


def _birth_date(number: str) -> date:
    try:
        born: date = ric.get_birth_date(number)
    except ValidationError as error:
        raise UnreadableValueError("身份证号码中的出生日期不存在，请对照证件核对。") from error
    if not date(1900, 1, 1) <= born <= today():
        raise UnreadableValueError("身份证号码中的出生日期不合情理，请对照证件核对。")
    return born
