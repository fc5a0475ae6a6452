"""The versions of a policy that have judged, and what changed from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from cunjing.assessment.models import PolicyVersion, Run
from cunjing.assessment.queries import programmes, runs
from cunjing.assessment.storage import kept_policy
from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.policy.model import Policy
from cunjing.policy.revision import PartChange, differences


@dataclass(frozen=True, slots=True)
class VersionUse:
    """One version and the runs by it that the reader may see, newest period first."""

    version: PolicyVersion
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What the later of two versions says otherwise."""

    before: PolicyVersion
    after: PolicyVersion
    old: Policy
    new: Policy
    changes: Sequence[PartChange]


def policy_versions(*, actor: Actor, policy_id: str) -> list[VersionUse]:
    """The versions that have judged, the newest first. Raises 404 for another county's policy."""
    if policy_id not in {programme.policy_id for programme in programmes(actor=actor)}:
        raise not_found("没有这个考评方案，或者您的辖区没有用过它。")
    seen = list(runs(actor=actor).filter(policy_id=policy_id))
    return [
        VersionUse(
            version=version, runs=[run for run in seen if run.policy_digest == version.digest]
        )
        for version in PolicyVersion.objects.filter(policy_id=policy_id).order_by(
            "-first_used_at", "digest"
        )
    ]


def compare_versions(*, actor: Actor, policy_id: str, before: str, after: str) -> VersionDiff:
    """What changed between two versions, named by their digests. Raises 404 for an unknown one."""
    known = {
        use.version.digest: use.version for use in policy_versions(actor=actor, policy_id=policy_id)
    }
    if before not in known or after not in known:
        raise not_found("没有这个版本的考评方案。")
    old, new = (kept_policy(digest=digest, policy_id=policy_id) for digest in (before, after))
    return VersionDiff(
        before=known[before],
        after=known[after],
        old=old,
        new=new,
        changes=differences(old, new),
    )


def version_before(run: Run) -> str:
    """The digest the period before was judged by, where it is another than the run's; else ""."""
    earlier = (
        Run.objects.filter(
            scope=run.scope, policy_id=run.policy_id, period_end__lte=run.period_start
        )
        .order_by("-period_end", "-period_start", "-revision")
        .first()
    )
    if earlier is None or earlier.policy_digest == run.policy_digest:
        return ""
    return earlier.policy_digest
