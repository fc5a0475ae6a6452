"""What a revision changed, by name, and why where no record of work made the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cunjing.assessment.access import readable_run
from cunjing.assessment.evaluation import attendances_behind
from cunjing.assessment.matrix import Names, names_of
from cunjing.assessment.models import RevisionDiff, Run
from cunjing.assessment.revisions import question_of
from cunjing.kernel.access import Actor
from cunjing.policy.attendance import Attendance
from cunjing.policy.enums import SubjectKind, VerdictKind
from cunjing.policy.measures import (
    HomeViolation,
    PostingCount,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import Policy, Rule

_SETTLED = frozenset({VerdictKind.PASS, VerdictKind.EXEMPT, ""})


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """One verdict that a revision changed; `reasons` in Chinese, besides the records it names."""

    diff: RevisionDiff
    names: Names
    reasons: Sequence[str]


def changed_verdicts(
    *, actor: Actor, run_id: UUID, diffs: Sequence[RevisionDiff]
) -> list[ChangedVerdict]:
    """Of what a revision changed these rows, with names and reasons; of no revision none."""
    run = readable_run(actor=actor, run_id=run_id)
    if run.revises is None:
        return []
    before, after = _Side.of(run.revises, diffs), _Side.of(run, diffs)
    return [
        ChangedVerdict(diff=diff, names=names, reasons=_reasons(diff, before=before, after=after))
        for diff, names in zip(diffs, names_of(diffs), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Side:
    """A run before or after: its policy, and the attendance of the postings that ask for a look."""

    policy: Policy
    there: Mapping[str, Attendance]

    @classmethod
    def of(cls, run: Run, diffs: Sequence[RevisionDiff]) -> Self:
        """With one look into the run's facts for all rows."""
        question = question_of(run)
        rules = {rule.id: rule for rule in question.policy.rules}
        asked = {
            diff.subject
            for diff in diffs
            if diff.rule in rules and _may_be_attendance(diff, rules[diff.rule])
        }
        there = attendances_behind(question, postings=sorted(asked)) if asked else {}
        return cls(question.policy, there)


def _reasons(diff: RevisionDiff, *, before: _Side, after: _Side) -> list[str]:
    rule = before.policy.rule(diff.rule)  # a revision asks nothing the run it revises did not ask
    if all(one.id != diff.rule for one in after.policy.rules):
        return ["这条规则要的记录本系统还不登记，修订后不再由系统判断"]
    reasons = [*_posted(diff, rule), *_about_person(diff, rule)]
    if _may_be_attendance(diff, rule):
        reasons += _attendance(before.there.get(diff.subject), after.there.get(diff.subject))
    if _confirmed(diff):
        reasons.append("确认变化：记录是否收齐的确认与修订前不同")
    if diff.before_verdict == VerdictKind.NOT_DUE and diff.after_verdict not in _SETTLED:
        reasons.append("修订前还没有到期")
    return reasons


def _posted(diff: RevisionDiff, rule: Rule) -> list[str]:
    """Postings that came, ended or went: a verdict appears with its posting, and goes with it."""
    appears = diff.subject_kind == SubjectKind.POSTING
    if appears and not diff.before_verdict:
        return ["安排变化：修订前没有这项安排"]
    if appears and not diff.after_verdict:
        return ["安排变化：修订后没有这项安排"]
    if isinstance(rule.measure, PostingCount) and (diff.added or diff.removed):
        return [f"安排变化：多了{len(diff.added)}项，少了{len(diff.removed)}项"]
    return []


def _about_person(diff: RevisionDiff, rule: Rule) -> list[str]:
    """Where no work is counted, what is known of the person or the places is another."""
    if not (diff.before_verdict and diff.after_verdict):
        return []
    match rule.measure:
        case HomeViolation():
            return ["资料变化：家庭所在村、村所在的乡镇或乡镇的相邻关系与修订前不同"]
        case UntrainedViolation():
            return ["资料变化：岗前培训日期或任职起日与修订前不同"]
        case TenureMonths():
            return ["安排变化：任职起日与修订前不同"]
        case _:
            return []


def _may_be_attendance(diff: RevisionDiff, rule: Rule) -> bool:
    """Only what is asked depends on it, so only then are the facts of both looked up."""
    exempt = VerdictKind.EXEMPT in {diff.before_verdict, diff.after_verdict}
    both = bool(diff.before_verdict and diff.after_verdict)
    return rule.prorated and both and (exempt or diff.before_threshold != diff.after_threshold)


def _attendance(was: Attendance | None, now_is: Attendance | None) -> list[str]:
    if was is None or now_is is None:
        return []
    reasons = []
    if was.posted != now_is.posted:
        reasons.append(f"安排变化：本期任职由{was.posted}天变为{now_is.posted}天")
    if was.absent != now_is.absent:
        reasons.append(f"请假变化：任职期内请假由{was.absent}天变为{now_is.absent}天")
    return reasons


def _confirmed(diff: RevisionDiff) -> bool:
    """Of data that has not all come only what falls short is left open."""
    verdicts = {diff.before_verdict, diff.after_verdict}
    one_of_two = VerdictKind.UNKNOWN in verdicts and len(verdicts) > 1
    return one_of_two and not verdicts & _SETTLED
