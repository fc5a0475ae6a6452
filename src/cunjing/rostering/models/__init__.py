"""Tables of rostering: what matching and planning need, the drafts they make, the plans in use."""

from cunjing.rostering.models.agreed import AgreedVisit
from cunjing.rostering.models.candidates import (
    Candidacy,
    Hold,
    HoldKind,
    Seniority,
    Trade,
    VillageFeature,
    Wish,
)
from cunjing.rostering.models.days import CountyDay, NeedWeights, SharedCar
from cunjing.rostering.models.drafts import DraftCause, DraftOption, DraftState, MatchDraft
from cunjing.rostering.models.plans import (
    FeedAddress,
    MonthPlan,
    OrderState,
    PlanCall,
    PlanDay,
    PlanOrder,
)

__all__ = [
    "AgreedVisit",
    "Candidacy",
    "CountyDay",
    "DraftCause",
    "DraftOption",
    "DraftState",
    "FeedAddress",
    "Hold",
    "HoldKind",
    "MatchDraft",
    "MonthPlan",
    "NeedWeights",
    "OrderState",
    "PlanCall",
    "PlanDay",
    "PlanOrder",
    "Seniority",
    "SharedCar",
    "Trade",
    "VillageFeature",
    "Wish",
]
