"""Statistical division codes: level, parent, kind.

Source: the statistical bureau's rules for coding divisions. Two digits name a province, four a
city, six a county, nine a township, twelve a village; published codes are padded to twelve with
zeros. The last three digits tell what a village is: 001–199 a neighbourhood committee, 200–399 a
village committee, the rest other places. A name never tells it.
"""

from enum import StrEnum

from cunjing.standards.errors import UnreadableValueError

PADDED = 12


class Level(StrEnum):
    """Levels of the division tree."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class VillageKind(StrEnum):
    """What the last three digits of a village code say."""

    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    OTHER = "other"


LENGTHS = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
_LEVEL_OF_LENGTH = {length: level for level, length in LENGTHS.items()}


def canonical(code: str) -> str:
    """The code without the zeros that pad it: `532323000000` → `532323`.

    A twelve-digit code whose last three digits are zeros is a township or higher. Raises
    UnreadableValueError for anything but 2, 4, 6, 9 or 12 digits.
    """
    code = code.strip()
    if not (code.isascii() and code.isdigit() and len(code) in _LEVEL_OF_LENGTH):
        raise UnreadableValueError(f"区划代码“{code}”应为2、4、6、9或12位数字，请核对。")
    for zeros in (3, 3, 2, 2):
        width = len(code) - zeros
        if width not in _LEVEL_OF_LENGTH or code[width:] != "0" * zeros:
            break
        code = code[:width]
    return code


def padded(code: str) -> str:
    """The code as published, twelve digits."""
    return code.ljust(PADDED, "0")


def level_of(code: str) -> Level:
    """The level of a code without padding. Raises UnreadableValueError for another length."""
    level = _LEVEL_OF_LENGTH.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise UnreadableValueError(f"区划代码“{code}”应为2、4、6、9或12位数字，请核对。")
    return level


def parent_of(code: str) -> str | None:
    """The code one level up; None above a province."""
    above = [length for length in LENGTHS.values() if length < len(code)]
    level_of(code)
    return code[: above[-1]] if above else None


def ancestors_of(code: str) -> list[str]:
    """All codes above, the province first."""
    level_of(code)
    return [code[:length] for length in LENGTHS.values() if length < len(code)]


def kind_of(village_code: str) -> VillageKind:
    """Neighbourhood, village or other, by the last three of the twelve digits."""
    if level_of(village_code) is not Level.VILLAGE:
        raise UnreadableValueError(f"村级代码“{village_code}”应为12位数字，请核对。")
    number = int(village_code[9:])
    if 1 <= number <= 199:
        return VillageKind.NEIGHBOURHOOD
    if 200 <= number <= 399:
        return VillageKind.VILLAGE
    return VillageKind.OTHER
