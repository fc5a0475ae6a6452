"""Chinese telephone numbers, mobile and landline, in one written form."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from cunjing.standards.errors import UnreadableValueError

_EXTENSION = re.compile(r"(?<=\d{7})\s*[-转]\s*(\d{1,6})$")
_ADVICE = "电话“{text}”不是有效的号码：手机写11位数字，固定电话写区号-号码，如0878-5211234。"


def normalise_phone(text: str) -> str:
    """`13800000000` for a mobile, `0878-5211234` for a landline, `…-8001` with an extension.

    Raises UnreadableValueError for a landline without area code and for a number abroad.
    """
    try:
        number = phonenumbers.parse(_EXTENSION.sub(r" ext. \1", text.strip()), "CN")
    except NumberParseException as error:
        raise UnreadableValueError(_ADVICE.format(text=text)) from error
    if number.country_code != 86 or not phonenumbers.is_valid_number_for_region(number, "CN"):
        raise UnreadableValueError(_ADVICE.format(text=text))
    if phonenumbers.number_type(number) is PhoneNumberType.MOBILE or not _area_code(number):
        written = phonenumbers.national_significant_number(number)
    else:
        area, rest = _area_code(number), phonenumbers.national_significant_number(number)
        written = f"0{area}-{rest.removeprefix(area)}"
    return f"{written}-{number.extension}" if number.extension else written


def _area_code(number: phonenumbers.PhoneNumber) -> str:
    length = phonenumbers.length_of_geographical_area_code(number)
    return phonenumbers.national_significant_number(number)[:length]
