"""What a rule can measure, as small frozen classes: the vocabulary of `rules[].measure`.

Each class docstring says what the value is and which ids are its evidence; the engines follow it.
"Tree" of a group = the group and every group below it. A group's village is its own
`village_code`, else that of its nearest ancestor having one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cunjing.policy.enums import EventKind, GroupKind, MatterKind, MemberPost
from cunjing.policy.periods import SubPeriodKind


class Tally(StrEnum):
    """How credited events become a number."""

    COUNT = "count"
    DISTINCT_DAYS = "distinct_days"
    DISTINCT_OBJECTS = "distinct_objects"
    SUBPERIODS = "subperiods"
    LACKING = "lacking"


class HomeRelation(StrEnum):
    """What the home village of the posted person must be to the village posted to."""

    SAME = "same"
    DIFFERENT = "different"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Events of one kind; `subkinds` empty = any."""

    kind: EventKind
    subkinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventMeasure:
    """Value: `tally` over credited events. Evidence: all credited events, before any distinct.

    count: events. distinct_days: local dates. distinct_objects: object_id (null counts nothing).
    subperiods: parts of `sub_period` having an event by local_date. lacking: credited events whose
    column `lacking` is null.
    """

    tally: Tally
    event: EventFilter
    sub_period: SubPeriodKind | None = None
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """Matters of one kind; `subkinds` empty = any."""

    kind: MatterKind
    subkinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MattersOverdue:
    """Value: matters of the village and the period not closed before their deadline was over.
    Evidence: all matters of the period that are open to see at the watermark, overdue or not.

    Deadline: the end of the local day `within_days` days after that of opening (0: the same day);
    without `within_days` the moment `due_at`, and a matter without one is left out. A matter is of
    the period its deadline falls in. Whoever closes by the deadline is in time; what is not closed
    at the watermark is overdue once the deadline is over.
    """

    matter: MatterFilter
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class PostingCount:
    """Value: postings in the village of the subject's roles valid on the day. Evidence: they."""


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Value: groups of `group_kind` whose village is the village. Evidence: group ids."""

    group_kind: GroupKind


@dataclass(frozen=True, slots=True)
class MemberCount:
    """Value: different persons in the group's tree. Evidence: all their member ids."""


@dataclass(frozen=True, slots=True)
class SubgroupCount:
    """Value: groups of `group_kind` below the group, at any depth. Evidence: group ids."""

    group_kind: GroupKind


@dataclass(frozen=True, slots=True)
class PostRequirement:
    """Exactly one person holds `post` in each group of `group_kind`."""

    post: MemberPost
    group_kind: GroupKind


@dataclass(frozen=True, slots=True)
class PostViolations:
    """Value: missing or surplus holders of posts. Evidence: member ids holding the named posts.

    For each requirement and each group of its kind in the subject's tree: |persons with the post
    in that group's tree - 1|; plus persons with the post in the subject's tree but in the tree of
    no such group.
    """

    posts: tuple[PostRequirement, ...]


@dataclass(frozen=True, slots=True)
class AgeViolations:
    """Value: persons in the tree younger than `low` or older than `high` whole years.

    Age in months = months from birth_month to the month of the day, whole years = // 12. A person
    without birth_month is left out; of several birth months of one person any outside counts.
    Evidence: member ids outside the range.
    """

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class HamletViolations:
    """Value: hamlets of the village with fewer than `low` or more than `high` persons.

    Persons in the trees of the village's groups of `group_kind`. No row for a village without
    hamlets or without such a group. Evidence: ids of those members with a hamlet of the village.
    """

    group_kind: GroupKind
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class PostPair:
    """Whoever holds `post` in the group should hold `same_as` in the village's other group."""

    post: MemberPost
    same_as: MemberPost


@dataclass(frozen=True, slots=True)
class PairViolations:
    """Value: pairs nobody holds both posts of. Evidence: member ids holding the `post`s.

    The first post is held in the subject's tree, the second in the tree of a group of
    `group_kind` of the same village.
    """

    group_kind: GroupKind
    pairs: tuple[PostPair, ...]


@dataclass(frozen=True, slots=True)
class CommitteeViolations:
    """Value: Party-member staff posted in the group's village (subject roles, on the day) who hold
    none of `posts` in the subject's tree. Different staff count once; `party_member` null = no.

    Evidence: posting ids of all Party-member staff so posted.
    """

    posts: tuple[MemberPost, ...]


@dataclass(frozen=True, slots=True)
class HomeViolation:
    """Value 1 when `staff.home_village_code` breaks `relation`, else 0. Evidence: the posting id.

    near: the home's township is that of the posting's village, or adjacent to it either way
    (`villages.township_code`, else the first nine digits of the code). Home null: value null,
    `unknown`.
    """

    relation: HomeRelation


@dataclass(frozen=True, slots=True)
class TenureMonths:
    """Value: complete calendar months from the tenure's start to the day after the day looked at.

    A tenure joins postings of one person in one village and role that touch or overlap, looking
    back from the posting. Evidence: the posting id.
    """


@dataclass(frozen=True, slots=True)
class UntrainedViolation:
    """Value 1 when trained_on is null or not before the tenure's start, else 0.

    Evidence: the posting id.
    """


@dataclass(frozen=True, slots=True)
class MarkValue:
    """Value: `scale[marks.value]` of `item` for the subject and period; no mark: null, `unknown`.

    No evidence ids.
    """

    item: str
    scale: Mapping[str, int]


MOST_PERCENT = 10**15
"""The greatest ratio of money, either way: what would be more, of sums in a wrong column, is cut
off here, so that it fits into 64 bits. Thresholds have twelve digits at most."""


@dataclass(frozen=True, slots=True)
class MoneyRatio:
    """Value: floor(100 * mean staff item / mean village item), in integers, within `MOST_PERCENT`;
    null if either is missing or the villages' sum is not above 0. No evidence ids.

    Subject unit: `village_item` of the villages it answers for, `staff_item` of staff of the
    subject's roles posted in them or employed by the unit or a unit whose division is within its
    own. People and villages without such a row in `money` are left out of the mean.
    """

    staff_item: str
    village_item: str


@dataclass(frozen=True, slots=True)
class MoneyValue:
    """Value: `money.fen` of `item` for the subject and period.

    The threshold is a number of fen, the same for everyone: without an amount the value is null,
    `unknown`. Or, with `grade_item`, `ByGrade`, looked up with the subject's mark of that item and
    the period: no mark: threshold null, `unknown`; no amount: 0. No evidence ids.
    """

    item: str
    grade_item: str = ""


Measure = (
    EventMeasure
    | MattersOverdue
    | PostingCount
    | GroupCount
    | MemberCount
    | SubgroupCount
    | PostViolations
    | AgeViolations
    | HamletViolations
    | PairViolations
    | CommitteeViolations
    | HomeViolation
    | TenureMonths
    | UntrainedViolation
    | MarkValue
    | MoneyRatio
    | MoneyValue
)
