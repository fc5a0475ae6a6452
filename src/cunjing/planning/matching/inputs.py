"""What matching reads from the facts, as plain rows: of a folder, or made from a database."""

from dataclasses import dataclass

from cunjing.policy.facts import Facts
from cunjing.policy.records import (
    AdjacencyRow,
    BanRow,
    CandidateRow,
    PinRow,
    PostingRow,
    StaffRow,
    UnitRow,
    VillageFeatureRow,
    VillageRow,
    WishRow,
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Rows of the facts tables, in any order. Postings are all there ever were, for no-return."""

    villages: tuple[VillageRow, ...]
    staff: tuple[StaffRow, ...]
    postings: tuple[PostingRow, ...] = ()
    candidates: tuple[CandidateRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    adjacency: tuple[AdjacencyRow, ...] = ()
    wishes: tuple[WishRow, ...] = ()
    features: tuple[VillageFeatureRow, ...] = ()
    pins: tuple[PinRow, ...] = ()
    bans: tuple[BanRow, ...] = ()


def read_inputs(facts: Facts) -> Inputs:
    """The rows of a checked facts folder."""
    return Inputs(
        villages=tuple(facts.rows(VillageRow)),
        staff=tuple(facts.rows(StaffRow)),
        postings=tuple(facts.rows(PostingRow)),
        candidates=tuple(facts.rows(CandidateRow)),
        units=tuple(facts.rows(UnitRow)),
        adjacency=tuple(facts.rows(AdjacencyRow)),
        wishes=tuple(facts.rows(WishRow)),
        features=tuple(facts.rows(VillageFeatureRow)),
        pins=tuple(facts.rows(PinRow)),
        bans=tuple(facts.rows(BanRow)),
    )
