"""Folders written from the contract alone, their verdicts worked out without either engine.

Each file of `contract/` holds worlds: the tables as they would stand in a folder, a request, and
what must come out. Fields a world does not name are not looked at; `counted` and `rejected` are
those of `explain`; `absent` lists rules and subjects that must have no row.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.engines import AT_ONCE

from cunjing.policy.engines import load_engine
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period
from cunjing.policy.requests import read_as_of
from cunjing.policy.verdict import evidence_digest

from .folders import write_folder

World = dict[str, Any]
WORLDS: list[World] = [
    world
    for path in sorted((Path(__file__).parent / "contract").glob("*.yaml"))
    for world in yaml.safe_load(path.read_text(encoding="utf-8"))
]
_EXPLAINED = {"counted", "rejected"}


_POLICIES = {name: load_policy(name) for name in sorted({world["policy"] for world in WORLDS})}


@pytest.mark.parametrize("world", WORLDS, ids=[world["name"] for world in WORLDS])
def test_the_verdicts_are_those_of_the_contract(world: World, tmp_path: Path) -> None:
    with open_facts(write_folder(tmp_path, world["tables"])) as facts:
        for engine in AT_ONCE:
            _check_verdicts(world, facts, engine)
            for expected in world["expect"]:
                if _EXPLAINED & expected.keys():
                    _check_records(world, facts, engine, expected)


def _asked(world: World) -> dict[str, Any]:
    return {
        "policy": _POLICIES[world["policy"]],
        "period": parse_period(world["period"]),
        "as_of": read_as_of(world["as_of"]),
    }


def _check_verdicts(world: World, facts: Facts, engine: str) -> None:
    asked = _asked(world)
    names = [rule.id for rule in asked["policy"].rules_for(asked["period"])]
    verdicts = load_engine(engine).evaluate(facts=facts, rules=names, **asked)
    rows = [verdict.as_dict() for verdict in verdicts]
    found = {(row["rule"], row["subject"]): row for row in rows}
    keys = [(row["rule"].encode(), row["subject"].encode()) for row in rows]
    assert keys == sorted(set(keys))
    assert not [pair for pair in world.get("absent", []) if tuple(pair) in found]
    for expected in world["expect"]:
        row = found[expected["rule"], expected["subject"]]
        wanted = {name: value for name, value in expected.items() if name not in _EXPLAINED}
        if "counted" in expected:
            wanted["evidence_count"] = len(expected["counted"])
            wanted["evidence_digest"] = evidence_digest(expected["counted"])
        assert {name: row[name] for name in wanted} | {"engine": row["engine"]} == wanted | {
            "engine": engine
        }


def _check_records(world: World, facts: Facts, engine: str, expected: World) -> None:
    found = load_engine(engine).explain(
        facts=facts, rule=expected["rule"], subject=expected["subject"], **_asked(world)
    )
    assert found is not None, engine
    records = {
        "counted": sorted(found.counted),
        "rejected": sorted([item.id, str(item.reason)] for item in found.rejected),
    }
    wanted = {name: sorted(expected[name]) for name in _EXPLAINED & expected.keys()}
    assert {name: records[name] for name in wanted} == wanted, engine
