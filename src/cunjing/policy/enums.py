"""The closed lists of the contract: kinds of event, role, group, rule, subject, verdict."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is posted or employed as (contract section 1, `staff.role`)."""

    RESIDENT_OFFICER = "resident_officer"
    LIAISON_OFFICER = "liaison_officer"
    BEAT_OFFICER = "beat_officer"
    VILLAGE_AUXILIARY = "village_auxiliary"
    POLICE_ASSISTANT = "police_assistant"
    SECURITY_DIRECTOR = "security_director"


class EventKind(StrEnum):
    """What happened (`events.kind`); subkinds are open."""

    VILLAGE_VISIT = "village_visit"
    HOUSEHOLD_VISIT = "household_visit"
    INFORMATION = "information"
    WARNING = "warning"
    SESSION = "session"
    MEETING = "meeting"
    SUMMARY = "summary"
    TRAINING = "training"
    REPORT = "report"
    INSPECTION = "inspection"
    BULLETIN = "bulletin"
    PATROL = "patrol"


class UnitKind(StrEnum):
    """What a unit is (`units.kind`)."""

    COUNTY = "county"
    STATION = "station"
    BUREAU_UNIT = "bureau_unit"
    ARMED_FORCES = "armed_forces"


class Trade(StrEnum):
    """What kind of unit a candidate comes from (`candidates.unit_kind`, SZ 二（一）)."""

    STATION = "station"
    TRAFFIC = "traffic"
    CRIMINAL = "criminal"
    SECURITY = "security"
    PUBLIC_ORDER = "public_order"
    CADRE = "cadre"
    OTHER = "other"


class GroupKind(StrEnum):
    """What a group is (`groups.kind`)."""

    COMPANY = "company"
    PLATOON = "platoon"
    SQUAD = "squad"
    BRANCH = "branch"
    PARTY_GROUP = "party_group"
    MUTUAL_AID = "mutual_aid"


class MemberPost(StrEnum):
    """The post someone holds in a group (`members.post`)."""

    COMMANDER = "commander"
    DEPUTY_COMMANDER = "deputy_commander"
    INSTRUCTOR = "instructor"
    PLATOON_LEADER = "platoon_leader"
    SQUAD_LEADER = "squad_leader"
    MEMBER = "member"
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    COMMITTEE_MEMBER = "committee_member"


class MatterKind(StrEnum):
    """What a matter is (`matters.kind`)."""

    DISPUTE = "dispute"
    HAZARD = "hazard"
    REQUEST = "request"
    INCIDENT = "incident"


class MatterLevel(StrEnum):
    """Where a matter is handled (`matters.level`)."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


class Layer(StrEnum):
    """The layer of a village (`villages.layer`)."""

    KEY = "key"
    ORDINARY = "ordinary"


class Sex(StrEnum):
    """GB/T 2261.1 as far as the facts use it (`members.sex`)."""

    MALE = "1"
    FEMALE = "2"


class Disposition(StrEnum):
    """What became of a clause (contract section 4)."""

    EXECUTABLE = "executable"
    HUMAN = "human"
    STRUCTURAL = "structural"
    DECLINED = "declined"
    NONE = "none"


class RuleKind(StrEnum):
    """The families of rules (contract section 4)."""

    QUOTA = "quota"
    CADENCE = "cadence"
    SLA = "sla"
    STRUCTURE = "structure"
    COVERAGE = "coverage"
    COMPLETENESS = "completeness"
    ELIGIBILITY = "eligibility"
    GRADE = "grade"
    PAY = "pay"


class SubjectKind(StrEnum):
    """Whom a verdict is about; it says which id `subject` carries."""

    POSTING = "posting"
    VILLAGE = "village"
    STAFF = "staff"
    GROUP = "group"
    UNIT = "unit"


class Operator(StrEnum):
    """How a value is held against its threshold."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    BETWEEN = "between"


class Missing(StrEnum):
    """What a rule does when a datum it needs is null or a device has not synced.

    `unknown`: a verdict that would be adverse becomes `unknown`; `ignore`: the record is left
    out; `violation`: a missing datum counts as one violation.
    """

    UNKNOWN = "unknown"
    IGNORE = "ignore"
    VIOLATION = "violation"


class Exemption(StrEnum):
    """Grounds on which a row is exempt without anyone deciding it."""

    SHORT_POSTING = "short_posting"


class VerdictKind(StrEnum):
    """The outcome of one rule for one subject in one period."""

    EXEMPT = "exempt"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    NOT_DUE = "not_due"
    UNKNOWN = "unknown"
    ADVICE = "advice"
    FAIL = "fail"


class Reason(StrEnum):
    """Why an event was not credited, in the order in which they are tried."""

    VOID = "void"
    LATE = "late"
    OUT_OF_PERIOD = "out_of_period"
    WRONG_VILLAGE = "wrong_village"
    NOT_POSTED = "not_posted"
