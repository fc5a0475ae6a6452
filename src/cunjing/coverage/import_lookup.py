"""What an import looks up, loaded once: units and villages of the jurisdiction, known people."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from cunjing.base.clock import today
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Unit, Village
from cunjing.staffing.models import Staff
from cunjing.standards.errors import UnreadableValueError

_VILLAGE_CODE = re.compile(r"\d{12}")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything the rows are checked against."""

    staff_area: Jurisdiction
    posting_area: Jurisdiction
    units: dict[str, Unit]
    villages: dict[str, Village]
    unit_codes_by_name: dict[str, list[str]]
    village_codes_by_name: dict[str, list[str]]
    people: dict[str, Staff]
    postings: dict[str, list[Posting]]
    serving: dict[tuple[str, str], list[Posting]]

    def unit(self, text: str) -> Unit:
        """The unit meant by a code, a full name, or `code name` as the drop-down writes it."""
        code = _first_word(text)
        if code in self.units:
            return self.units[code]
        codes = self.unit_codes_by_name.get(_plain(text), [])
        if len(codes) == 1:
            return self.units[codes[0]]
        if codes:
            listed = "、".join(codes)
            raise UnreadableValueError(f"有{len(codes)}个单位叫“{text}”，请改写代码：{listed}。")
        raise UnreadableValueError(
            f"没有“{text}”这个单位，或者不在您的辖区内，请从下拉中选或写单位代码。"
        )

    def village(self, text: str) -> Village:
        """The village meant by a code, a full name, or `code name` as the drop-down writes it."""
        code = _first_word(text)
        if code in self.villages:
            return self.villages[code]
        if _VILLAGE_CODE.fullmatch(code):
            raise UnreadableValueError(
                f"村代码{code}不在您的辖区内或已撤销，外县的村不能写，请核对。"
            )
        codes = self.village_codes_by_name.get(_plain(text), [])
        if len(codes) == 1:
            return self.villages[codes[0]]
        if codes:
            listed = "、".join(
                f"{code}（{self.villages[code].township.name}）" for code in codes[:10]
            )
            raise UnreadableValueError(f"有{len(codes)}个村叫“{text}”，请改写代码：{listed}。")
        raise UnreadableValueError(
            f"辖区内没有“{text}”这个村，外县的村不能写；请写全名（与村名录一字不差）或12位代码。"
        )


def load_lookup(*, actor: Actor, badges: Iterable[str], lock: bool) -> Lookup:
    """Load what rows with these badge numbers need; `lock` holds the known people's rows."""
    staff_area = jurisdiction_of(actor=actor, permission=Permission.STAFF_EDIT)
    units = list(Unit.objects.filter(staff_area.unit_q("code")).order_by("code"))
    villages = list(
        Village.objects.filter(staff_area.q("code"))
        .filter(Q(valid_to=None) | Q(valid_to__gt=today()))
        .select_related("township")
        .order_by("code")
    )
    postings = list(
        Posting.objects.filter(staff_area.q("village_id")).select_related("staff", "village")
    )
    people = _people(badges=sorted(set(badges)), lock=lock)
    return Lookup(
        staff_area=staff_area,
        posting_area=jurisdiction_of(actor=actor, permission=Permission.POSTING_EDIT),
        units={unit.code: unit for unit in units},
        villages={village.code: village for village in villages},
        unit_codes_by_name=_codes_by_name((unit.name, unit.code) for unit in units),
        village_codes_by_name=_codes_by_name((v.name, v.code) for v in villages),
        people=people,
        postings=_by_badge(postings),
        serving=_by_village(postings),
    )


def _people(*, badges: list[str], lock: bool) -> dict[str, Staff]:
    """Known people by badge number, wherever they serve: a number is taken once."""
    found: dict[str, Staff] = {}
    for start in range(0, len(badges), _BATCH):
        rows = Staff.objects.filter(badge_number__in=badges[start : start + _BATCH])
        rows = rows.order_by("badge_number")
        if lock:
            rows = rows.select_for_update()
        found.update({staff.badge_number: staff for staff in rows})
    return found


def _codes_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, code in pairs:
        found[_plain(name)].append(code)
    return dict(found)


def _by_badge(postings: Iterable[Posting]) -> dict[str, list[Posting]]:
    found: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        found[posting.staff.badge_number].append(posting)
    return dict(found)


def _by_village(postings: Iterable[Posting]) -> dict[tuple[str, str], list[Posting]]:
    found: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for posting in postings:
        found[posting.village_id, posting.role].append(posting)
    return dict(found)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "").strip()


def _first_word(text: str) -> str:
    words = unicodedata.normalize("NFKC", text).split()
    return words[0] if words else ""
