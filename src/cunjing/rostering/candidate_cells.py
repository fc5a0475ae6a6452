"""Reading the cells of the sheet of matching attributes: names and codes of one county's places."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cunjing.places.models import Division, DivisionLevel, Village
from cunjing.rostering.models import Seniority, Trade
from cunjing.standards.errors import UnreadableValueError

SEPARATORS = re.compile(r"[、,，;；\n]+")
_TRADES: Mapping[str, str] = {str(one.label): one.value for one in Trade}
_SENIORITIES: Mapping[str, int] = {str(one.label): one.value for one in Seniority}


@dataclass(frozen=True, slots=True)
class Names:
    """Codes with their names, and codes by name; `kind` is what a person calls them."""

    kind: str
    names: Mapping[str, str]
    codes: Mapping[str, list[str]]

    def code(self, text: str) -> str:
        """The code meant by a code, a full name, or `code name`."""
        plain = unicodedata.normalize("NFKC", text).strip()
        first = plain.split(maxsplit=1)[0]
        if first in self.names:
            return first
        found = self.codes.get(plain.replace(" ", ""), [])
        if len(found) == 1:
            return found[0]
        if found:
            listed = "、".join(found[:10])
            raise UnreadableValueError(
                f"有{len(found)}个{self.kind}叫“{text}”，请改写代码：{listed}。"
            )
        raise UnreadableValueError(f"本县没有“{text}”这个{self.kind}，请写全名或代码。")


def places_of(county: str) -> tuple[Names, Names]:
    """The living villages and the townships of a county."""
    villages = Village.objects.filter(code__startswith=county, valid_to=None)
    townships = Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__startswith=county)
    return (
        _names("村", villages.values_list("code", "name")),
        _names("乡镇", townships.values_list("code", "name")),
    )


def trade_of(text: str) -> str:
    """A trade by its Chinese name."""
    if text not in _TRADES:
        raise UnreadableValueError(f"警种“{text}”不认识，应为：{'、'.join(_TRADES)}。")
    return _TRADES[text]


def seniority_of(text: str) -> int:
    """The level of a post by its Chinese name."""
    if text not in _SENIORITIES:
        raise UnreadableValueError(f"资历“{text}”不认识，应为：{'、'.join(_SENIORITIES)}。")
    return _SENIORITIES[text]


def capacity_of(text: str) -> int:
    """How many villages; whether that is possible is the rules' matter."""
    if not re.fullmatch("[0-9]{1,3}", text):
        raise UnreadableValueError("可包村数请填整数。")
    return int(text)


def _names(kind: str, rows: Iterable[tuple[str, str]]) -> Names:
    names, codes = {}, defaultdict(list)
    for code, name in rows:
        names[code] = name
        codes[unicodedata.normalize("NFKC", name).replace(" ", "")].append(code)
    return Names(kind, names, dict(codes))
