"""Reading dates and months as people write them in sheets and forms."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from cunjing.standards.errors import UnreadableValueError

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(61, 73_051)
"""Excel day numbers from 1900-03-01, after its 29 February 1900 that never was, to 2100-01-01."""

_WRITTEN = re.compile(r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})")
_CHINESE = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))")
_MIDNIGHT = re.compile(r"[ T]00?:00(:00(\.0+)?)?$")
_DATE_ADVICE = "日期“{text}”读不出来，请写成2026-09-01、2026/9/1或2026年9月1日。"
_MONTH_ADVICE = "年月“{text}”读不出来，请写成1985-03或1985年3月。"


def read_date(value: object) -> date:
    """A calendar day from a date, a datetime (its own day), an Excel serial or text.

    Text: 2026-09-01, 2026/9/1, 2026.9.1, 2026年9月1日, 20260901. Orders that can be read two ways
    (9/1/2026) and two-digit years are refused.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(value)
    text = _plain(value)
    for pattern in (_WRITTEN, _CHINESE, _COMPACT):
        if match := pattern.fullmatch(text):
            return _day(match, text)
    if text.isdigit() and int(text) in _SERIALS:
        return _from_serial(int(text))
    raise UnreadableValueError(_DATE_ADVICE.format(text=text))


def read_month(value: object) -> str:
    """`YYYY-MM` from a whole date or from 1985-03, 1985/3, 1985.3, 1985年3月, 198503."""
    if isinstance(value, str) and (match := _MONTH.fullmatch(_plain(value))):
        year, month = (int(group) for group in match.groups() if group)
        if year >= 1900 and 1 <= month <= 12:
            return f"{year:04}-{month:02}"
    try:
        return f"{read_date(value):%Y-%m}"
    except UnreadableValueError as error:
        raise UnreadableValueError(_MONTH_ADVICE.format(text=value)) from error


def _plain(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return _MIDNIGHT.sub("", text)


def _day(match: re.Match[str], text: str) -> date:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError as error:
        raise UnreadableValueError(f"日期“{text}”不存在，请核对年月日。") from error


def _from_serial(value: float) -> date:
    if value != value or int(value) not in _SERIALS:  # noqa: PLR0124 - NaN differs from itself
        raise UnreadableValueError(_DATE_ADVICE.format(text=value))
    return _EXCEL_EPOCH + timedelta(days=int(value))
