"""Comparisons of a draft and differences between versions, for people and for programs."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields

from cunjing.policy.canonical import plain
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Policy
from cunjing.policy.output import aligned, by_county, csv_text
from cunjing.policy.revision import (
    CHANGES,
    LABELS,
    ChangeKind,
    FieldChange,
    PartChange,
    field_label,
)
from cunjing.policy.verdict import ThresholdShown
from cunjing.policy.whatif import Comparison, Counts, Flip, tallies
from cunjing.policy.words import VERDICTS

_FLIP = tuple(field.name for field in fields(Flip))
_SHOWN = ("rule", "subject", "village_code", "period", "value", "threshold", "verdict")
_SIGNS = {ChangeKind.ADDED: "＋", ChangeKind.REMOVED: "－", ChangeKind.CHANGED: "～"}


def flips_json(
    comparisons: Sequence[Comparison], *, before: Policy, after: Policy, watermark: str, engine: str
) -> str:
    """One object: both policies, the periods with their counts, the flips, their sums."""
    flips = [_plain_flip(flip) for flip in _flips(comparisons)]
    content = {
        "policy": before.id,
        "policy_digest": before.digest,
        "draft": after.id,
        "draft_digest": after.digest,
        "watermark": watermark,
        "engine": engine,
        "periods": [
            {"period": one.period.text, "before": _sorted(one.before), "after": _sorted(one.after)}
            for one in comparisons
        ],
        "flips": flips,
        "summary": [asdict(tally) for tally in tallies(comparisons)],
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


def flips_csv(comparisons: Sequence[Comparison]) -> str:
    """Header and one row a flip, with the columns of the JSON."""
    return csv_text(_FLIP, (_plain_flip(flip) for flip in _flips(comparisons)))


def flips_table(
    comparisons: Sequence[Comparison], *, county_rules: Collection[str] = frozenset()
) -> str:
    """Aligned columns for people; below, how many flips of each kind every rule has, and whose
    numbers they are: `county_rules` are those whose threshold is the county's, before or after."""
    flips = list(_flips(comparisons))
    rows = [_row(flip) for flip in flips]
    lines = aligned([_SHOWN, *rows]) if rows else []
    lines += ["", f"共 {len(flips)} 处变化"] if rows else ["没有一条结论变化"]
    lines += [
        f"  {one.rule}：{_word(one.before)}→{_word(one.after)} {one.count}"
        for one in tallies(comparisons)
    ]
    if county := sorted({flip.rule for flip in flips}.intersection(county_rules)):
        lines.append(by_county(county))
    lines.append("这是试算，不是对任何人的考评")
    return "\n".join(lines) + "\n"


def changes_json(changes: Sequence[PartChange], *, before: Policy, after: Policy) -> str:
    """One object: both policies by id and digest, and every part that changed."""
    content = {
        "before": {"policy": before.id, "policy_digest": before.digest},
        "after": {"policy": after.id, "policy_digest": after.digest},
        "changes": [
            {
                "section": part.section,
                "key": part.key,
                "title": part.title,
                "change": part.kind,
                "fields": [_plain_field(field) for field in part.fields],
            }
            for part in changes
        ],
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


def changes_text(changes: Sequence[PartChange], *, before: Policy, after: Policy) -> str:
    """Section by section, a sign before each part: ＋ new, － gone, ～ changed."""
    lines = [
        f"从 {before.title}（{before.id}，摘要 {before.digest}）",
        f"到 {after.title}（{after.id}，摘要 {after.digest}）",
    ]
    section = None
    for part in changes:
        if part.section != section:
            section = part.section
            lines += ["", LABELS[section]]
        name = f"{part.key}  {part.title}" if part.key else part.title
        lines.append(f"  {_SIGNS[part.kind]} {name}（{CHANGES[part.kind]}）")
        lines += [f"      {field_text(field, part.kind)}" for field in part.fields]
    if not changes:
        lines += ["", "内容没有不同"]
    return "\n".join(lines) + "\n"


def field_text(field: FieldChange, kind: ChangeKind) -> str:
    """`门槛（2027-01-01起）：2天 → 3天`; of a part that is new or gone only what it says."""
    since = f"{field.since}起" if field.since else ""
    until = f"{field.until}前" if field.until else ""
    when = f"（{'，'.join(part for part in (since, until) if part)}）" if since or until else ""
    before, after = field.before_text or "无", field.after_text or "无"
    said = {
        ChangeKind.ADDED: after,
        ChangeKind.REMOVED: before,
        ChangeKind.CHANGED: f"{before} → {after}",
    }
    return f"{field_label(field.name)}{when}：{said[kind]}"


def _flips(comparisons: Iterable[Comparison]) -> Iterable[Flip]:
    return (flip for comparison in comparisons for flip in comparison.flips)


def _plain_flip(flip: Flip) -> dict[str, object]:
    content = {name: getattr(flip, name) for name in _FLIP}
    return {key: list(item) if isinstance(item, tuple) else item for key, item in content.items()}


def _plain_field(field: FieldChange) -> dict[str, object]:
    content = {"field": field.name, "before": plain(field.before), "after": plain(field.after)}
    texts = {"before_text": field.before_text, "after_text": field.after_text}
    return {**content, **texts, "since": plain(field.since), "until": plain(field.until)}


def _sorted(counts: Counts) -> dict[str, dict[VerdictKind, int]]:
    return {
        rule: {kind: kinds[kind] for kind in VERDICTS if kind in kinds}
        for rule, kinds in sorted(counts.items())
    }


def _row(flip: Flip) -> list[str]:
    return [
        flip.rule,
        flip.subject,
        flip.village_code or "",
        flip.period,
        _pair(flip.value_before, flip.value_after),
        _pair(flip.threshold_before, flip.threshold_after),
        f"{flip.before or '-'} → {flip.after or '-'}",
    ]


def _pair(before: ThresholdShown, after: ThresholdShown) -> str:
    """Both sides, or the one where they are the same."""
    old, new = _number(before), _number(after)
    return old if old == new else f"{old} → {new}"


def _number(value: ThresholdShown) -> str:
    if value is None:
        return "-"
    return f"{value[0]}..{value[1]}" if isinstance(value, tuple) else str(value)


def _word(kind: VerdictKind | None) -> str:
    return VERDICTS[kind] if kind else "没有"
