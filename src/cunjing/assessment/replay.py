"""A stored run judged again from what was kept: the same verdicts, or the places where they differ.

Reads only. The engine may be a newer one than the run's; then a difference is a finding too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cunjing.assessment.access import check_scope, readable_run
from cunjing.assessment.evaluation import ENGINE_VERSION, evaluate, results_digest, verdict_of
from cunjing.assessment.models import Run
from cunjing.assessment.revisions import question_of
from cunjing.assessment.storage import sound_facts
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Replay:
    """What judging again gave. `differing` are (rule, subject) whose JSON object is not the same.

    `digest_holds`: the new verdicts have the digest noted when the run was stored.
    """

    run: Run
    verdicts: int
    differing: Sequence[tuple[str, str]]
    digest_holds: bool
    engine_version: str

    @property
    def identical(self) -> bool:
        """Whether stored rows, noted digest and new verdicts are the same, byte for byte."""
        return self.digest_holds and not self.differing


def replay_run(*, actor: Actor, run_id: UUID) -> Replay:
    """Judge the kept facts again and compare with every stored row.

    Raises Problem where the kept facts or policy are missing or have changed.
    """
    run = readable_run(actor=actor, run_id=run_id)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_READ, scope=run.scope)
    sound_facts(run.facts_digest)
    fresh = evaluate(question_of(run))
    again = {(verdict.rule, verdict.subject): verdict for verdict in fresh}
    stored = {
        (result.rule, result.subject): verdict_of(result, run=run) for result in run.results.all()
    }
    return Replay(
        run=run,
        verdicts=len(fresh),
        differing=sorted(
            cell for cell in stored.keys() | again.keys() if stored.get(cell) != again.get(cell)
        ),
        digest_holds=results_digest(fresh) == run.results_digest,
        engine_version=ENGINE_VERSION,
    )
