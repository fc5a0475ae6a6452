"""What is said of each bad policy, bad case and bad folder of facts of the tests."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from tests.unit.policy.folders import sound_folder
from tests.unit.policy.test_facts import BROKEN
from tests.unit.policy.wrong_cases import CASES, MISPLACED, OWN
from tests.unit.policy.wrong_outlines import WRONG_OUTLINES
from tests.unit.policy.wrong_policies import SOUND, WRONG

from cunjing.policy.cases import check_cases
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy

Refusal = tuple[str, str]
"""What is wrong, and the sentence that says so."""


def policy_refusals() -> Iterator[Refusal]:
    """Every spoilt policy."""
    for name, (old, new, _, words) in (WRONG | WRONG_OUTLINES).items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "policy.yaml"
            path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
            yield name, _said(partial(load_policy, str(path)), words, folder)


def case_refusals() -> Iterator[Refusal]:
    """Every spoilt file of cases."""
    for name, (old, new, _, words, rule) in MISPLACED.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "policy.yaml"
            path.write_text(OWN, encoding="utf-8")
            (Path(folder) / "cases").mkdir()
            text = CASES.replace(old, new, 1)
            (Path(folder) / "cases" / f"{rule}.yaml").write_text(text, encoding="utf-8")
            found = check_cases(path, load_policy(str(path)))
            yield name, _sentence(found, words, folder)


def facts_refusals() -> Iterator[Refusal]:
    """Every broken folder of facts."""
    for name, (tables, (_, _, _, words)) in BROKEN.items():
        changed = cast("Mapping[str, str | bytes]", tables)
        with tempfile.TemporaryDirectory() as folder:
            path = sound_folder(Path(folder), **changed)
            yield name, _said(partial(open_facts, path), words, folder)


def _said(act: Callable[[], object], words: str, folder: str) -> str:
    try:
        act()
    except InputError as error:
        return _sentence(error.findings, words, folder)
    raise AssertionError(words)


def _sentence(findings: tuple[Finding, ...] | list[Finding], words: str, folder: str) -> str:
    """The first finding with the words, without the folder it was made in."""
    first = next(finding for finding in findings if words in str(finding))
    return str(first).replace(f"{Path(folder)}/", "")
