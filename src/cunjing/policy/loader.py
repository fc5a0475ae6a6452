"""From a policy file to a `Policy`, or an InputError that names every mistake by file and line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from yaml.nodes import MappingNode

from cunjing.policy.blame import at_the_change
from cunjing.policy.build import build_rule, parameter_of, parameter_used
from cunjing.policy.canonical import with_digest
from cunjing.policy.consistency import check_policy
from cunjing.policy.decode import BadValueError, Decoder, compose, file_of, line_of
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.inheritance import compose_whole
from cunjing.policy.likeness import perhaps
from cunjing.policy.model import Clause, Item, Listing, Parameter, Policy, Rule
from cunjing.policy.origins import with_origins
from cunjing.policy.schema import RawClause, RawListing, RawPolicy

SHIPPED = Path(__file__).resolve().parents[3] / "policies"
"""The folder of the policies that come with the product, one folder each."""

FILE_NAME = "policy.yaml"


def shipped_policies() -> list[str]:
    """The ids of the policies that come with the product."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE_NAME}"))


def find_policy(name: str) -> Path | None:
    """The file of a policy: the id of a shipped one, or a path to it or its folder."""
    path = Path(name)
    for candidate in (SHIPPED / name / FILE_NAME, path, path / FILE_NAME):
        if candidate.is_file():
            return candidate
    return None


def find_parent(path: Path, name: str) -> Path | None:
    """The file of the policy that the one at `path` inherits: in a folder beside it, or shipped."""
    return find_policy(str(path.resolve().parent.parent / name)) or find_policy(name)


def load_policy(name: str, *, kept: bool = False) -> Policy:
    """Load a policy by id, file or folder. Raises InputError naming file, line and key.

    `kept`: it was in use already, so what later versions ask of a policy is not asked of it.
    """
    path = find_policy(name)
    if path is None:
        shipped = shipped_policies()
        known = f"随产品提供的有：{'、'.join(shipped)}，也可以给文件路径"
        told = f"没有这个政策{perhaps(name, shipped)}；{known}"
        raise InputError([Finding(name, None, None, told)])
    return _whole(path, kept=kept)


def _whole(path: Path, *, kept: bool) -> Policy:
    try:
        return _attempt(path, kept=kept)
    except InputError as error:
        if all(finding.file == str(path) for finding in error.findings):
            raise
        placed = at_the_change(
            path,
            error.findings,
            parent=lambda name: _faults(find_parent(path, name), kept=kept),
            changed=lambda top: _faults(path, kept=kept, top=top),
        )
        raise InputError(placed) from error


def _faults(path: Path | None, *, kept: bool, top: MappingNode | None = None) -> Sequence[Finding]:
    """What is wrong with a policy, each where it stands."""
    try:
        if path is not None:
            _attempt(path, kept=kept, top=top)
    except InputError as error:
        return error.findings
    return ()


def _attempt(path: Path, *, kept: bool, top: MappingNode | None = None) -> Policy:
    """The policy of a file, or of what its top mapping would be instead."""
    decoder = Decoder()
    try:
        policy = _load(path, decoder, kept=kept, top=top)
    except BadValueError:
        policy = None
    decoder.raise_findings()
    if policy is None:  # pragma: no cover - a bad value is always reported first
        raise AssertionError(path)
    return policy


def rule_places(path: Path) -> dict[str, tuple[str, int]]:
    """Where each rule of a sound policy is written or changed: its id -> file and line.

    A rule changed by its parameter stands where that is; by a table of pay, at `overrides`, or at
    the file's own `pay`.
    """
    decoder = Decoder()
    node = compose_whole(path, decoder=decoder, find=lambda name: find_parent(path, name))
    raw = decoder.record(node, RawPolicy)
    parameters = {entry.id: (entry.file, entry.line) for entry in raw.parameters}
    own = decoder.pairs(compose(path), None)
    changing = next((own[key][0] for key in ("overrides", "pay") if key in own), None)
    fallback = (str(path), line_of(changing)) if changing is not None else None
    places = {}
    for rule in raw.rules:
        used = parameter_used(rule.threshold, decoder)
        known = [(rule.file, rule.line), parameters.get(used or "")]
        here = [place for place in known if place and place[0] == str(path)]
        places[rule.id] = (*here, fallback or (rule.file, rule.line))[0]
    return places


def _load(path: Path, decoder: Decoder, *, kept: bool, top: MappingNode | None) -> Policy:
    def find(name: str) -> Path | None:
        return find_parent(path, name)

    node = compose_whole(path, decoder=decoder, find=find, top=top)
    raw = decoder.record(node, RawPolicy)
    pay = raw.pay or {}
    parameters: dict[str, Parameter] = {}
    for entry in raw.parameters:
        parameters[entry.id] = parameter_of(entry, pay=pay, decoder=decoder)
    rules = tuple(
        build_rule(rule, parameters=parameters, pay=pay, decoder=decoder) for rule in raw.rules
    )
    if not kept:
        check_policy(raw, rules=rules, node=node, decoder=decoder)
        keys = decoder.pairs(node, None)
        decoder.findings += (
            Finding(file_of(keys[key][0]), line_of(keys[key][0]), key, message, noun="键")
            for key, message in _among_others(raw, path)
        )
    decoder.raise_findings()
    policy = with_digest(_assembled(raw, parameters=tuple(parameters.values()), rules=rules))
    above = find_parent(path, raw.inherits) if raw.inherits else None
    if above is None:
        return policy
    try:
        parent = _attempt(above, kept=True)
    except InputError:
        # The file mends what its parent has wrong: there is no parent to compare it with.
        return policy
    return with_origins(policy, parent=parent)


def _among_others(raw: RawPolicy, path: Path) -> Iterator[tuple[str, str]]:
    """How the policy goes with others: those in its folder's place, the one it replaces."""
    folder = path.resolve().parent
    if folder.parent == SHIPPED and folder.name != raw.id:
        yield "id", f"应与文件夹同名：{folder.name}"
    if raw.supersedes is None or raw.supersedes == raw.id:
        return
    replaced = find_parent(path, raw.supersedes)
    if replaced is None:
        like = perhaps(raw.supersedes, shipped_policies())
        yield "supersedes", f"找不到政策“{raw.supersedes}”{like}"
    elif raw.valid_from is None:
        yield "supersedes", "要有 valid_from，写明从哪一天起取代"
    else:
        end = load_policy(str(replaced), kept=True).valid_to or raw.valid_from
        if end > raw.valid_from:
            yield (
                "supersedes",
                f"与被取代的政策日期重叠：{raw.valid_from} 至 {end}，请改 valid_from",
            )
        elif end < raw.valid_from:
            yield (
                "supersedes",
                f"与被取代的政策之间有空档：{end} 至 {raw.valid_from}，请改 valid_from",
            )


def _assembled(
    raw: RawPolicy, *, parameters: tuple[Parameter, ...], rules: tuple[Rule, ...]
) -> Policy:
    return Policy(
        id=raw.id,
        title=raw.title,
        issuer=raw.issuer,
        document_number=raw.document_number,
        issued_on=raw.issued_on,
        source_digest=raw.source_digest,
        scope=raw.scope,
        valid_from=raw.valid_from,
        valid_to=raw.valid_to,
        supersedes=raw.supersedes,
        inherits=raw.inherits,
        time_zone=raw.time_zone,
        calendar=raw.calendar,
        minimum_days=raw.minimum_days.by_kind(),
        parameters=parameters,
        clauses=tuple(_clause(entry) for entry in raw.clauses),
        rules=rules,
        role_sets=_listings(raw.role_sets),
        duties=_listings(raw.duties),
        tasks=_listings(raw.tasks),
        questions=_listings(raw.questions),
        prohibitions=_listings(raw.prohibitions),
        boards=_listings(raw.boards),
        grades=raw.grades,
        pay=raw.pay or {},
        matching_weights=raw.matching_weights or {},
        matching=tuple(replace(entry, line=0, file="") for entry in raw.matching),
        digest="",
    )


def _clause(entry: RawClause) -> Clause:
    return Clause(
        number=entry.number,
        paraphrase=entry.paraphrase,
        disposition=entry.disposition,
        note=entry.note,
        figure=entry.figure,
        same_as=entry.same_as,
    )


def _listings(entries: tuple[RawListing, ...]) -> tuple[Listing, ...]:
    return tuple(
        Listing(
            id=entry.id,
            clause=entry.clause,
            title=entry.title,
            roles=entry.roles,
            posts=entry.posts,
            items=tuple(Item(item_id, text) for item_id, text in entry.items.items()),
        )
        for entry in entries
    )
