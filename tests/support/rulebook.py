"""A made-up policy with every kind of measure, subject and period, and small thresholds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cunjing.policy.enums import (
    EventKind,
    Exemption,
    GroupKind,
    MatterKind,
    MemberPost,
    Operator,
    Role,
    RuleKind,
    SubjectKind,
    UnitKind,
)
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventFilter,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeRelation,
    HomeViolation,
    MarkValue,
    MatterFilter,
    MattersOverdue,
    Measure,
    MemberCount,
    MoneyRatio,
    MoneyValue,
    PairViolations,
    PostingCount,
    PostPair,
    PostRequirement,
    PostViolations,
    SubgroupCount,
    Tally,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import (
    Between,
    ByGrade,
    DatedThreshold,
    DaysOfPeriod,
    Policy,
    Rule,
    Subject,
    ThresholdValue,
)
from cunjing.policy.periods import PeriodKind, SubPeriodKind

OFFICERS = (Role.RESIDENT_OFFICER, Role.LIAISON_OFFICER)
GRADES = {"excellent": 2, "competent": 1, "incompetent": 0}


def rule(
    rule_id: str, subject: Subject, measure: Measure, threshold: ThresholdValue, **more: Any
) -> Rule:
    """A rule of the book: `>=` unless the threshold is a range; prorated as the contract says."""
    counts = isinstance(measure, EventMeasure)
    prorated = subject.kind is SubjectKind.POSTING and counts
    usual = Operator.BETWEEN if isinstance(threshold, Between) else Operator.AT_LEAST
    return Rule(
        id=rule_id,
        clause="1",
        title=rule_id,
        kind=RuleKind.QUOTA,
        subject=subject,
        measure=measure,
        operator=more.pop("operator", usual),
        thresholds=more.pop("thresholds", (DatedThreshold(threshold),)),
        unit="次",
        message="{period}还差{gap}",
        exemptions=(Exemption.SHORT_POSTING,) if prorated else (),
        **more,
    )


def policy_of(*rules: Rule, minimum_days: Mapping[PeriodKind, int] | None = None) -> Policy:
    """A policy with these rules and nothing else."""
    usual = {
        PeriodKind.MONTH: 7,
        PeriodKind.QUARTER: 30,
        PeriodKind.HALF_YEAR: 60,
        PeriodKind.YEAR: 90,
    }
    return Policy(
        id="book",
        title="",
        issuer="",
        document_number="",
        issued_on=date(2020, 1, 1),
        source_digest="",
        scope=(),
        valid_from=None,
        valid_to=None,
        supersedes=None,
        inherits=None,
        time_zone="Asia/Shanghai",
        calendar="",
        minimum_days=minimum_days or usual,
        parameters=(),
        clauses=(),
        rules=rules,
        role_sets=(),
        tasks=(),
        questions=(),
        prohibitions=(),
        grades=tuple(GRADES),
        pay={},
        matching_weights={},
        digest="0" * 64,
    )


def posting(*roles: Role) -> Subject:
    """Postings of the roles."""
    return Subject(SubjectKind.POSTING, roles=roles)


def village(*roles: Role) -> Subject:
    """Villages; the roles are whose postings count or whose devices are waited for."""
    return Subject(SubjectKind.VILLAGE, roles=roles)


def group(kind: GroupKind, *roles: Role) -> Subject:
    """Groups of the kind."""
    return Subject(SubjectKind.GROUP, roles=roles, group_kind=kind)


def unit(kind: UnitKind, *roles: Role) -> Subject:
    """Units of the kind."""
    return Subject(SubjectKind.UNIT, roles=roles, unit_kind=kind)


def events(tally: Tally, kind: EventKind, *subkinds: str, **more: Any) -> EventMeasure:
    """A measure of events of one kind."""
    return EventMeasure(tally, EventFilter(kind, subkinds), **more)


def _quotas() -> list[Rule]:
    """Rules that count the events of postings, in every kind of period."""
    liaison = posting(Role.LIAISON_OFFICER)
    visit, most = EventKind.VILLAGE_VISIT, Operator.AT_MOST
    month, half = PeriodKind.MONTH, SubPeriodKind.HALF_MONTH
    ten = SubPeriodKind.TEN_DAYS
    by_half = events(Tally.SUBPERIODS, visit, sub_period=half)
    by_ten = events(Tally.SUBPERIODS, visit, sub_period=ten)
    logless = events(Tally.LACKING, visit, lacking="log_id")
    house = events(Tally.DISTINCT_OBJECTS, EventKind.HOUSEHOLD_VISIT)
    session = events(Tally.COUNT, EventKind.SESSION, "legal_education", "fraud")
    report = events(Tally.COUNT, EventKind.REPORT, "annual_officer")
    days = events(Tally.DISTINCT_DAYS, visit)
    both = posting(*OFFICERS)
    return [
        rule("visit-days", liaison, days, 2, period=month),
        rule("visit-spread", liaison, by_half, 2, period=month, as_a_rule=True),
        rule("visit-ten-days", both, by_ten, 3, period=month),
        rule("visit-log", liaison, logless, 0, period=month, operator=most),
        rule("households", liaison, house, 3, period=month),
        rule("visits-of-both", both, events(Tally.COUNT, visit), 3, period=month, grace_days=5),
        rule("households-quarter", liaison, house, 3, period=PeriodKind.QUARTER),
        rule("sessions", liaison, session, 1, period=PeriodKind.QUARTER),
        rule("visits-half", liaison, days, 4, period=PeriodKind.HALF_YEAR),
        rule("report-officer", both, report, 1, period=PeriodKind.YEAR, grace_days=31),
    ]


def _places() -> list[Rule]:
    """Rules that count the events of villages and units."""
    station = unit(UnitKind.STATION)
    month, quarter = PeriodKind.MONTH, PeriodKind.QUARTER
    bulletin = events(Tally.DISTINCT_DAYS, EventKind.BULLETIN, "fraud")
    sweep = events(Tally.COUNT, EventKind.SESSION, "dispute_sweep")
    joint = events(Tally.COUNT, EventKind.MEETING, "joint")
    monthly = events(Tally.COUNT, EventKind.MEETING, "monthly")
    summary = events(Tally.COUNT, EventKind.SUMMARY, "quarter")
    by_ten = events(Tally.SUBPERIODS, EventKind.MEETING, sub_period=SubPeriodKind.TEN_DAYS)
    company = events(Tally.COUNT, EventKind.REPORT, "annual_company")
    return [
        rule("bulletins", village(), bulletin, DaysOfPeriod(), period=month),
        rule("sweep", village(*OFFICERS), sweep, 1, period=month),
        rule("meeting-parts", village(), by_ten, 2, period=month),
        rule("monthly-meeting", station, monthly, 1, period=month),
        rule("joint-meeting", village(), joint, 1, period=quarter),
        rule("quarter-summary", station, summary, 1, period=quarter, grace_days=31),
        rule("report-company", village(), company, 1, period=PeriodKind.YEAR, grace_days=31),
    ]


def _matters() -> list[Rule]:
    """Rules that count the matters of villages that were not closed in time."""
    most, month = Operator.AT_MOST, PeriodKind.MONTH

    def overdue(kind: MatterKind, *subkinds: str, within_days: int | None) -> MattersOverdue:
        return MattersOverdue(MatterFilter(kind, subkinds), within_days)

    quarrels = overdue(MatterKind.DISPUTE, "neighbour", "family", within_days=0)
    hazards = overdue(MatterKind.HAZARD, within_days=10)
    disputes = overdue(MatterKind.DISPUTE, within_days=None)
    requests = overdue(MatterKind.REQUEST, within_days=40)
    return [
        rule("quarrels", village(), quarrels, 0, period=month, operator=most),
        rule("hazards", village(*OFFICERS), hazards, 0, period=month, operator=most),
        rule("disputes", village(), disputes, 1, period=PeriodKind.QUARTER, operator=most),
        rule("requests", village(), requests, 0, period=PeriodKind.HALF_YEAR, operator=most),
        rule("year-disputes", village(), disputes, 1, period=PeriodKind.YEAR, operator=most),
    ]


def _one_day() -> list[Rule]:
    """State rules of villages and postings."""
    auxiliary, assistant = posting(Role.VILLAGE_AUXILIARY), posting(Role.POLICE_ASSISTANT)
    one, most = Between(1, 1), Operator.AT_MOST
    above = {"advice_above": True}
    homes = [
        rule(f"home-{relation}", auxiliary, HomeViolation(relation), 0, operator=most)
        for relation in HomeRelation
    ]
    return [
        *homes,
        rule("coverage-officer", village(*OFFICERS), PostingCount(), one, **above),
        rule("coverage-assistant", village(Role.POLICE_ASSISTANT), PostingCount(), 1),
        rule("rotation", auxiliary, TenureMonths(), 12, operator=most),
        rule("trained", assistant, UntrainedViolation(), 0, operator=most),
    ]


def _hamlets() -> list[Rule]:
    """State rules of villages about their groups."""
    companies, hamlet = GroupCount(GroupKind.COMPANY), HamletViolations(GroupKind.COMPANY, 1, 2)
    return [
        rule("coverage-company", village(), companies, Between(1, 1), advice_above=True),
        rule("per-hamlet", village(), hamlet, 0, operator=Operator.AT_MOST, as_a_rule=True),
    ]


def _groups() -> list[Rule]:
    """State rules of groups."""
    company, branch = group(GroupKind.COMPANY), group(GroupKind.BRANCH)
    most = Operator.AT_MOST
    seats = PostViolations(
        (
            PostRequirement(MemberPost.COMMANDER, GroupKind.COMPANY),
            PostRequirement(MemberPost.PLATOON_LEADER, GroupKind.PLATOON),
            PostRequirement(MemberPost.SQUAD_LEADER, GroupKind.SQUAD),
        )
    )
    pairs = PairViolations(
        GroupKind.COMPANY,
        (
            PostPair(MemberPost.SECRETARY, MemberPost.INSTRUCTOR),
            PostPair(MemberPost.DEPUTY_SECRETARY, MemberPost.COMMANDER),
        ),
    )
    committee = CommitteeViolations((MemberPost.SECRETARY, MemberPost.COMMITTEE_MEMBER))
    squads = SubgroupCount(GroupKind.SQUAD)
    return [
        rule("company-size", company, MemberCount(), Between(3, 6), as_a_rule=True),
        rule("platoon-size", group(GroupKind.PLATOON), MemberCount(), Between(2, 3)),
        rule("squad-count", company, squads, Between(1, 2)),
        rule("company-posts", company, seats, 0, operator=most),
        rule("member-age", company, AgeViolations(18, 50), 0, operator=most),
        rule("branch-posts", branch, pairs, 0, operator=most),
        rule(
            "branch-officer",
            group(GroupKind.BRANCH, *OFFICERS),
            committee,
            0,
            operator=most,
            as_a_rule=True,
        ),
    ]


def _yearly() -> list[Rule]:
    """Grades and money."""
    year, auxiliary = PeriodKind.YEAR, Role.VILLAGE_AUXILIARY
    staff = Subject(SubjectKind.STAFF, roles=(auxiliary,))
    ratio = MoneyRatio(staff_item="allowance", village_item="head_allowance")
    paid = MoneyValue(item="paid", grade_item="grade")
    table = ByGrade({"excellent": 300, "competent": 200, "incompetent": 0})
    county = unit(UnitKind.COUNTY, auxiliary)
    return [
        rule("grade", staff, MarkValue("grade", GRADES), 1, period=year),
        rule("allowance", county, ratio, 80, period=year),
        rule("pay", staff, paid, table, period=year, operator=Operator.EQUAL),
        rule("fund", staff, MoneyValue(item="fund"), 300, period=year),
    ]


def _dated() -> list[Rule]:
    """A rule whose threshold changes and one that starts late."""
    liaison, month = posting(Role.LIAISON_OFFICER), PeriodKind.MONTH
    measure = events(Tally.COUNT, EventKind.INFORMATION)
    turn = date(2026, 3, 1)
    changed = (DatedThreshold(1, None, turn), DatedThreshold(3, turn, None))
    late = (DatedThreshold(1, turn, None),)
    plain = rule("information", liaison, measure, 1, period=month)
    return [
        replace(plain, thresholds=changed),
        replace(plain, id="information-late", thresholds=late),
    ]


WORK = policy_of(*_quotas(), *_places(), *_matters(), *_one_day(), *_dated())
"""Rules about villages, units and postings."""

MILITIA = policy_of(*_groups(), *_hamlets())
"""Rules about groups and their members."""

YEARLY = policy_of(*_yearly())
"""Rules about grades and money."""
