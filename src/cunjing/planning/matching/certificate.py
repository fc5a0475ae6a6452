"""The proof that goes with a plan: what it costs, what it costs at least, the prices that show it.

Anybody can check it from the files alone, without a solver: every pair is at least its village's
price less its holder's, and what the prices add up to is what the plan costs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cunjing.planning.matching.prices import INFINITE, Prices
from cunjing.planning.matching.problem import Ints, Problem
from cunjing.planning.matching.solution import Solution

NAME = "certificate.json"
FORMAT = "cunjing-match-1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What `certificate.json` says. villages, staff: the potentials, code or id -> price; None: no
    slot left. about: policy, role and day of a plan made from facts. balance: what a balanced plan
    was held to; `primal` then lies above `dual` by what balance costs."""

    stability: int
    primal: int
    dual: int
    villages: dict[str, int]
    staff: dict[str, int | None]
    digests: dict[str, str]
    about: dict[str, str] = field(default_factory=dict)
    balance: dict[str, int] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON object, its own digest last."""
        said = {
            "format": FORMAT,
            "about": self.about,
            "stability": self.stability,
            "primal": self.primal,
            "dual": self.dual,
            "gap": self.primal - self.dual,
            "balance": self.balance,
            "potentials": {"villages": self.villages, "staff": self.staff},
            "digests": self.digests,
        }
        return {**said, "digest": digest_of(said)}

    def prices_for(self, problem: Problem) -> Prices:
        """The potentials in the problem's order. KeyError when one is missing."""
        staff = [self.staff[one] for one in problem.staff]
        return Prices(
            village=np.array([self.villages[code] for code in problem.villages], dtype=np.int64),
            staff=np.array([INFINITE if one is None else one for one in staff], dtype=np.int64),
        )


def certify(
    problem: Problem,
    solution: Solution,
    *,
    primal: int,
    about: Mapping[str, str],
    balance: dict[str, int] | None,
    digests: Mapping[str, str],
) -> Certificate:
    """The certificate of a plan that costs `primal`, shown by the prices of the cheapest plan."""
    return Certificate(
        stability=problem.stability,
        primal=primal,
        dual=solution.dual,
        villages=_named(problem.villages, solution.prices.village),
        staff={
            one: None if price >= INFINITE else price
            for one, price in _named(problem.staff, solution.prices.staff).items()
        },
        digests=dict(sorted(digests.items())),
        about=dict(about),
        balance=balance,
    )


def json_text(certificate: Certificate) -> str:
    """The file's text: readable, the same for the same certificate."""
    return json.dumps(certificate.as_dict(), ensure_ascii=False, indent=1) + "\n"


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of all that a certificate says."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named(names: tuple[str, ...], prices: Ints) -> dict[str, int]:
    return dict(zip(names, prices.tolist(), strict=True))
