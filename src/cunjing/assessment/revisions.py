"""What a second look at a frozen period changed, and which records made the difference."""

from collections.abc import Sequence

from cunjing.assessment.collecting import without
from cunjing.assessment.evaluation import Question, explain, verdict_of
from cunjing.assessment.models import RevisionDiff, Run
from cunjing.assessment.rules import period_of
from cunjing.assessment.storage import kept_policy
from cunjing.policy.verdict import Verdict

_Cell = tuple[str, str]


def differences(*, before: Run, question: Question, after: Sequence[Verdict]) -> list[RevisionDiff]:
    """One unsaved row per (rule, subject) whose verdict, number or evidence differs."""
    stored = {
        (result.rule, result.subject): verdict_of(result, run=before)
        for result in before.results.all()
    }
    fresh = {(verdict.rule, verdict.subject): verdict for verdict in after}
    changed = sorted(
        cell
        for cell in stored.keys() | fresh.keys()
        if _judgement(stored.get(cell)) != _judgement(fresh.get(cell))
    )
    was = _counted(question_of(before), changed)
    now_is = _counted(question, changed)
    return [
        _diff(stored.get(cell), fresh.get(cell), was=was[cell], now_is=now_is[cell])
        for cell in changed
    ]


def question_of(run: Run) -> Question:
    """What a stored run was asked, from what was kept: the policy has the rules it judged."""
    kept = kept_policy(digest=run.policy_digest, policy_id=run.policy_id)
    return Question(
        policy=without(kept, run.left_out),
        facts_digest=run.facts_digest,
        period=period_of(run.period),
        watermark=run.watermark,
    )


def _judgement(verdict: Verdict | None) -> tuple[object, ...] | None:
    if verdict is None:
        return None
    return verdict.verdict, verdict.value, verdict.threshold, verdict.evidence_digest


def _counted(question: Question, cells: Sequence[_Cell]) -> dict[_Cell, frozenset[str]]:
    """The evidence of each cell; none of a rule the question does not ask."""
    asked = {rule.id for rule in question.policy.rules}
    here = [cell for cell in cells if cell[0] in asked]
    counted = dict.fromkeys(cells, frozenset[str]())
    for cell, explanation in zip(here, explain(question, cells=here), strict=True):
        counted[cell] = frozenset(explanation.counted if explanation else ())
    return counted


def _diff(
    old: Verdict | None, new: Verdict | None, *, was: frozenset[str], now_is: frozenset[str]
) -> RevisionDiff:
    either = new or old
    if either is None:
        raise ValueError("a changed cell has a verdict before or after")
    return RevisionDiff(
        rule=either.rule,
        subject_kind=either.subject_kind.value,
        subject=either.subject,
        village_code=either.village_code or "",
        staff_id=either.staff_id or "",
        before_verdict=old.verdict.value if old else "",
        after_verdict=new.verdict.value if new else "",
        before_value=old.value if old else None,
        after_value=new.value if new else None,
        before_threshold=old.threshold if old else None,
        after_threshold=new.threshold if new else None,
        added=sorted(now_is - was),
        removed=sorted(was - now_is),
    )
