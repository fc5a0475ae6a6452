"""Kept facts and a policy in, verdicts out; and what makes two sets of verdicts the same."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import duckdb

from cunjing.assessment.models import Result, Run
from cunjing.assessment.storage import facts_folder, sound_facts
from cunjing.policy import engine
from cunjing.policy.attendance import Attendance, attendance, attendances
from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.measures import AgeViolations, CommitteeViolations, PairViolations
from cunjing.policy.model import Policy, Rule
from cunjing.policy.particulars import breaches
from cunjing.policy.periods import Period
from cunjing.policy.verdict import Breach, Explanation, Verdict, watermark_text

ENGINE = engine.name
ENGINE_VERSION = f"cunjing {version('cunjing')}, duckdb {duckdb.__version__}"
_FOLDERS_OPEN = 16
_ABOUT_PERSONS = (AgeViolations, CommitteeViolations, PairViolations)


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a verdict depends on: policy, kept facts, period, watermark."""

    policy: Policy
    facts_digest: str
    period: Period
    watermark: datetime


def evaluate(question: Question) -> list[Verdict]:
    """All verdicts, sorted by rule, then subject. Raises Problem where the facts were changed."""
    with open_facts(sound_facts(question.facts_digest)) as facts:
        return engine.evaluate(
            policy=question.policy,
            facts=facts,
            period=question.period,
            as_of=question.watermark,
        )


def explain(question: Question, *, cells: Iterable[tuple[str, str]]) -> list[Explanation | None]:
    """One explanation per (rule, subject), None where the facts give no such row."""
    facts = opened_facts(question.facts_digest)
    return [
        engine.explain(
            policy=question.policy,
            facts=facts,
            period=question.period,
            as_of=question.watermark,
            rule=rule,
            subject=subject,
        )
        for rule, subject in cells
    ]


def breaches_behind(question: Question, *, rule: Rule, subject: str) -> list[Breach]:
    """What the value of a verdict is made of, where its rule is about seats or hamlets. Who is too
    old, or in the Party, is told by number only: whoever reads a result need not be one who may
    read people."""
    if isinstance(rule.measure, _ABOUT_PERSONS):
        return []
    return breaches(
        opened_facts(question.facts_digest),
        rule=rule,
        subject=subject,
        period=question.period,
        as_of=question.watermark,
    )


def attendance_behind(question: Question, *, rule: Rule, subject: str) -> Attendance | None:
    """How long somebody was there in the period, see `attendance`."""
    return attendance(
        opened_facts(question.facts_digest), rule=rule, subject=subject, period=question.period
    )


def attendances_behind(question: Question, *, postings: Sequence[str]) -> Mapping[str, Attendance]:
    """How long whoever holds each of these postings was there in the period, see `attendances`."""
    facts = opened_facts(question.facts_digest)
    return attendances(facts, postings=postings, period=question.period)


def opened_facts(digest: str) -> Facts:
    """Kept facts, checked once: a folder is named by its digest and never changes.

    Raises Problem where it has.
    """
    return _opened(facts_folder(digest))


@lru_cache(maxsize=_FOLDERS_OPEN)
def _opened(folder: Path) -> Facts:
    return open_facts(sound_facts(folder.name))


def results_digest(verdicts: Iterable[Verdict]) -> str:
    """SHA-256 of the verdicts as the contract's JSON objects, one a line."""
    whole = hashlib.sha256()
    for verdict in verdicts:
        whole.update(json.dumps(verdict.as_dict(), ensure_ascii=False).encode() + b"\n")
    return whole.hexdigest()


def result_of(verdict: Verdict, *, run: Run) -> Result:
    """The row that stores a verdict."""
    return Result(
        run=run,
        rule=verdict.rule,
        clause=verdict.clause,
        subject_kind=verdict.subject_kind.value,
        subject=verdict.subject,
        village_code=verdict.village_code or "",
        staff_id=verdict.staff_id or "",
        value=verdict.value,
        operator=verdict.operator.value,
        threshold=verdict.threshold,
        threshold_full=verdict.threshold_full,
        verdict=verdict.verdict.value,
        evidence_count=verdict.evidence_count,
        evidence_digest=verdict.evidence_digest,
    )


def verdict_of(result: Result, *, run: Run) -> Verdict:
    """The verdict a row stores: the same object that the engine gave."""
    return Verdict(
        policy=run.policy_id,
        policy_digest=run.policy_digest,
        rule=result.rule,
        clause=result.clause,
        subject_kind=SubjectKind(result.subject_kind),
        subject=result.subject,
        village_code=result.village_code or None,
        staff_id=result.staff_id or None,
        period=run.period,
        value=result.value,
        operator=Operator(result.operator),
        threshold=_shown(result.threshold),
        threshold_full=_shown(result.threshold_full),
        verdict=VerdictKind(result.verdict),
        evidence_count=result.evidence_count,
        evidence_digest=result.evidence_digest,
        watermark=watermark_text(run.watermark),
        engine=run.engine,
    )


def _shown(threshold: int | list[int] | None) -> int | tuple[int, int] | None:
    if isinstance(threshold, list):
        low, high = threshold
        return low, high
    return threshold
