"""Where the parts of an inherited policy come from: whose clause it is, what of a rule was changed.

Without it a county's change would be told as what another document's clause says.
"""

from dataclasses import fields, replace

from cunjing.policy.model import Clause, Policy, Rule

_WORDS = frozenset({"title", "message", "unit", "changed"})
"""Fields of a rule in which it may differ and ask the same."""


def with_origins(policy: Policy, *, parent: Policy) -> Policy:
    """The policy, its inherited clauses and changed rules saying so; nothing else of it changes."""
    clauses = {clause.number: clause for clause in parent.clauses}
    rules = {rule.id: rule for rule in parent.rules}
    return replace(
        policy,
        clauses=tuple(
            _with_origin(clause, clauses.get(clause.number), parent=parent)
            for clause in policy.clauses
        ),
        rules=tuple(_with_changes(rule, rules.get(rule.id)) for rule in policy.rules),
    )


def _with_origin(clause: Clause, inherited: Clause | None, *, parent: Policy) -> Clause:
    if inherited is None or clause.paraphrase != inherited.paraphrase:
        # What the county says in words of its own is the county's.
        return clause
    return replace(clause, origin=inherited.origin or parent.title)


def _with_changes(rule: Rule, inherited: Rule | None) -> Rule:
    """A change made further up is still one: the document said otherwise."""
    changed = [] if inherited is None else list(inherited.changed)
    for one in fields(Rule):
        known = one.name in _WORDS or one.name in changed
        if not known and getattr(rule, one.name) != getattr(inherited, one.name, None):
            changed.append(one.name)
    return replace(rule, changed=tuple(changed))
