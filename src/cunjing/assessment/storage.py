"""What is kept outside the database, by digest: facts folders and the policies that judged them.

VAR/facts/<digest>/ holds the Parquet files, VAR/policies/<digest>/<policy id>/ the policy file and
what it inherits. Both are enough to evaluate again, years later, without the database.
"""

import logging
import os
import shutil
import stat
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cunjing.assessment.facts import Written, folder_digest, write_facts
from cunjing.assessment.reach import Reach
from cunjing.base.errors import Problem, conflict
from cunjing.base.ids import new_id
from cunjing.policy.errors import InputError
from cunjing.policy.loader import FILE_NAME, find_policy, load_policy
from cunjing.policy.model import Policy

logger = logging.getLogger(__name__)

_UNUSED_FOR = timedelta(days=1)
_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP
_POLICIES_CACHED = 16


def facts_folder(digest: str) -> Path:
    """Where the facts of this digest are kept."""
    return Path(settings.VAR) / "facts" / digest


def keep_facts(*, reach: Reach) -> Written:
    """Export the facts of `reach` with real ids and keep them by digest.

    Where the same facts are kept already and were changed there, these take their place: they are
    the same, byte for byte. What was found stays beside them for a day.
    """
    place = Path(settings.VAR) / "facts"
    fresh = place / f".{new_id()}"
    fresh.mkdir(parents=True)
    try:
        written = write_facts(folder=fresh, reach=reach)
        kept = facts_folder(written.digest)
        if kept.exists() and folder_digest(kept) != written.digest:
            logger.warning("kept facts %s had been changed and were put right", written.digest)
            kept.rename(place / f".changed-{new_id()}")
        if kept.exists():
            os.utime(kept)
        else:
            fresh.rename(kept)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return written


def sound_facts(digest: str) -> Path:
    """The kept folder, its digest recomputed. Raises Problem where a byte has changed."""
    folder = facts_folder(digest)
    if not folder.is_dir() or folder_digest(folder) != digest:
        raise spoilt(digest)
    return folder


def spoilt(digest: str) -> Problem:
    """The Problem that kept facts are not there as they were."""
    return conflict(
        "考评依据的事实数据缺失或已被改动，不能继续。请从备份恢复后重试。", digest=digest
    )


def seal_facts(digest: str) -> None:
    """Make the kept files read-only; the digest still tells if somebody writes all the same."""
    for path in sound_facts(digest).iterdir():
        path.chmod(_READ_ONLY)


def discard_facts(*, keep: set[str], now: datetime) -> int:
    """Remove facts no run names and that were not touched for a day; returns how many."""
    removed = 0
    place = Path(settings.VAR) / "facts"
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        idle = now.timestamp() - folder.stat().st_mtime
        if folder.name not in keep and idle > _UNUSED_FOR.total_seconds():
            shutil.rmtree(folder)
            removed += 1
    return removed


def keep_policy(policy: Policy) -> None:
    """Keep the policy's file and those it inherits, as they are now."""
    home = _policy_home(policy.digest)
    if home.exists():
        return
    fresh = home.with_name(f".{new_id()}")
    following: Policy | None = policy
    while following is not None:
        source = find_policy(following.id)
        if source is None:
            raise FileNotFoundError(following.id)
        (fresh / following.id).mkdir(parents=True)
        shutil.copyfile(source, fresh / following.id / FILE_NAME)
        following = load_policy(following.inherits) if following.inherits else None
    try:
        fresh.rename(home)
    except OSError:
        if not home.exists():
            raise
        shutil.rmtree(fresh)


@lru_cache(maxsize=_POLICIES_CACHED)
def kept_policy(*, digest: str, policy_id: str) -> Policy:
    """The policy of this digest as it was kept. Raises Problem where it no longer gives it."""
    try:
        policy = load_policy(str(_policy_home(digest) / policy_id), kept=True)
    except InputError as error:
        raise conflict(
            "考评所用的方案文件缺失或读不出来，不能继续。请从备份恢复后重试。", digest=digest
        ) from error
    if policy.digest != digest:
        raise conflict("考评所用的方案文件已被改动，不能继续。请从备份恢复后重试。", digest=digest)
    return policy


def _policy_home(digest: str) -> Path:
    return Path(settings.VAR) / "policies" / digest
