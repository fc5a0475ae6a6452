"""Policy files with one rule, to spoil or to read."""

import re
from pathlib import Path

from cunjing.policy.errors import Finding, InputError
from cunjing.policy.loader import load_policy

USUAL = {
    "id": "visits",
    "clause": '"1"',
    "title": "进村",
    "kind": "quota",
    "subject": "posting",
    "role": "liaison_officer",
    "period": "month",
    "measure": "{kind: count, event: {kind: village_visit}}",
    "operator": '">="',
    "threshold": "2",
    "unit": "次",
    "message": "还差{gap}次",
}
HEAD = {
    "id": "test-county",
    "title": "试点",
    "issuer": "县局",
    "document_number": "〔2026〕1号",
    "issued_on": "2026-01-02",
    "source_digest": f'"{"0" * 64}"',
    "scope": '["532323"]',
    "time_zone": "Asia/Shanghai",
    "calendar": "gregorian",
    "minimum_days": "{month: 7, quarter: 30, half_year: 60, year: 90}",
    "clauses": '[{number: "1", paraphrase: 进村, disposition: executable}]',
}
"""Keys of the policy, each on a line of its own, in this order; `rules` comes last."""


KINDS = {
    "lacking": "completeness",
    "matters_overdue": "sla",
    "postings": "coverage",
    "groups": "coverage",
    "members": "structure",
    "subgroups": "structure",
    "posts": "structure",
    "ages": "eligibility",
    "hamlets": "structure",
    "paired_posts": "structure",
    "committee": "structure",
    "home": "eligibility",
    "tenure_months": "eligibility",
    "untrained": "eligibility",
    "mark": "grade",
    "money_ratio": "pay",
    "money": "pay",
}
"""Kind of measure -> a kind of rule it fits; `quota` fits the rest."""


def written_policy(
    folder: Path, *, head: dict[str, str | None] | None = None, **rule: str | None
) -> str:
    """Write the policy with some keys of its head and its rule set anew; None leaves one out.

    A rule's `kind`, where it is not given, is one that fits its measure.
    """
    lines = [f"{key}: {text}" for key, text in {**HEAD, **(head or {})}.items() if text is not None]
    measured = re.match(r"\{kind: (\w+)", rule.get("measure") or "")
    kind = KINDS.get(measured[1], "quota") if measured else "quota"
    keys = {**USUAL, "kind": kind, **rule}
    said = [f"    {key}: {text}" for key, text in keys.items() if text is not None]
    path = folder / "policy.yaml"
    text = "\n".join([*lines, "rules:", f"  - {said[0].strip()}", *said[1:]]) + "\n"
    path.write_text(text, encoding="utf-8")
    return str(path)


def findings_of(path: str) -> list[tuple[int | None, str | None, str]]:
    """Line, key or rule, and words of everything wrong with a policy; nothing for a sound one."""
    found: tuple[Finding, ...] = ()
    try:
        load_policy(path)
    except InputError as error:
        found = error.findings
    assert {finding.file for finding in found} <= {path}
    return [(finding.row, finding.column, finding.message) for finding in found]
