"""The `matching` table of a policy: how candidates for a role are weighed, and who may not serve.

Points are integers. Weights count for a pair; prices against it. Nothing here is code: another
county's numbers and hard rules stand in its own policy file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from cunjing.policy.enums import Role


class OwnVillage(StrEnum):
    """Whether somebody may serve the village they come from (SZ 二（二）, JL 三（一）)."""

    FREE = "free"
    FORBIDDEN = "forbidden"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Matching:
    """One entry of `matching`: who is matched how.

    vacancy: price of a village nobody serves. slots: price of the first, second, … village of one
    person; the last price holds for all further ones. Weights, `own_wish` to `leader_in_disputed`:
    points for the pair when the rule holds; a wish of rank r counts `own_wish` less `wish_step` for
    each rank after the first. high_case: cases from which a village counts as high-case;
    many_disputes: disputes and hazards together from which it counts as disputed. per_km: price of
    a kilometre; unknown_km: kilometres assumed where coordinates are missing. own_village,
    near_township, no_return, tenure (id of the parameter that limits the months in one village):
    hard rules. A village is one unit of work, and one more for every `load_cases` cases,
    `load_troubles` disputes and hazards, `load_people` inhabitants (0: they do not count);
    `balance` is the price of each unit of the highest workload when balance is asked for.
    """

    line: int
    file: str
    id: str
    clause: str
    roles: tuple[Role, ...]
    vacancy: int
    slots: tuple[int, ...]
    note: str = ""
    own_wish: int = 0
    wish_step: int = 0
    native_place: int = 0
    former_workplace: int = 0
    traffic_on_roads: int = 0
    criminal_in_high_case: int = 0
    security_in_complex: int = 0
    public_order_in_key: int = 0
    seconded_keep_village: int = 0
    experience_in_disputed: int = 0
    leader_in_disputed: int = 0
    high_case: int = 1
    many_disputes: int = 1
    per_km: int = 0
    unknown_km: int = 0
    own_village: OwnVillage = OwnVillage.FREE
    near_township: bool = False
    no_return: bool = False
    tenure: str | None = None
    load_cases: int = 0
    load_troubles: int = 0
    load_people: int = 0
    balance: int = 0

    def slot_prices(self, capacity: int) -> list[int]:
        """The price of each of somebody's villages, first to last."""
        listed = list(self.slots[:capacity])
        return listed + [self.slots[-1]] * (capacity - len(listed))


_FREE_SIGN = {"line", "file"}
_HIGHEST = 1_000_000


def matching_faults(entry: Matching, *, parameters: dict[str, bool]) -> Iterator[str]:
    """What is wrong with an entry. `parameters`: the policy's, and whether each is one number."""
    if not entry.roles:
        yield "roles 至少写一个岗位"
    if not entry.slots:
        yield "slots 至少写一个数：带第一个村的分值"
    if list(entry.slots) != sorted(entry.slots):
        yield "slots 不能越往后越低"
    for field in fields(entry):
        value = getattr(entry, field.name)
        numbers = value if field.name == "slots" else (value,)
        if field.name not in _FREE_SIGN and any(_outside(number) for number in numbers):
            yield f"{field.name} 应在 0 至 {_HIGHEST} 之间"
    if entry.tenure is not None and not parameters.get(entry.tenure, False):
        yield f"parameters 里没有“{entry.tenure}”这个数，请补上或改 tenure"


def _outside(value: object) -> bool:
    return isinstance(value, int) and not 0 <= value <= _HIGHEST
