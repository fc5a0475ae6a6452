"""Whoever reads the console in English reads all of it in English.

The console's own words are Chinese and are the keys of `src/cunjing/locale`. What is looked up is
found in templates, in the console's code and in the labels that pages put through gettext.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.db import models
from tests.support.sources import PRODUCT, project_files, tree_of

from cunjing.assessment.changes import NAMES as CHANGED
from cunjing.base.errors import ProblemKind
from cunjing.console.context import MENU
from cunjing.console.draft_shapes import SIGNS
from cunjing.console.programme import WITHOUT_PROGRAMME
from cunjing.console.templatetags.console import DISPOSITIONS, VERDICTS
from cunjing.coverage.import_plan import Outcome
from cunjing.fieldwork.details import QUESTIONS
from cunjing.fieldwork.filters import RecordState
from cunjing.fieldwork.models import SyncChannel
from cunjing.places.models import DivisionLevel, VillageKind
from cunjing.policy.revision import FIELDS
from cunjing.policy.revision import LABELS as SECTIONS
from cunjing.rostering.solving import DISTANCE

CONSOLE = PRODUCT / "console"
LOCALE = PRODUCT / "locale"
LANGUAGES = sorted(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/django.po"))

HAN = re.compile(r"[\u4e00-\u9fff]")
TRANSLATE = re.compile(r"""{%-?\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate\b[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
LOOK_UPS = {"_", "gettext", "gettext_lazy"}

# Lists of choices whose labels no page shows.
UNSEEN: set[type[models.TextChoices]] = {DivisionLevel, SyncChannel, VillageKind}


def _in_templates() -> Iterator[tuple[str, str | None]]:
    for path in project_files(".html", under=CONSOLE):
        text = path.read_text("utf-8")
        for found in TRANSLATE.finditer(text):
            yield found[1] or found[2], None
        for found in BLOCK.finditer(text):
            forms = [VARIABLE.sub(r"%(\1)s", part) for part in PLURAL.split(found[1])]
            yield forms[0], forms[1] if len(forms) > 1 else None


def _in_code() -> Iterator[str]:
    for path in project_files(".py", under=CONSOLE):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _name(node.func) in LOOK_UPS and node.args:
                yield from _words(node.args[0])


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _labels() -> Iterator[str]:
    kinds = [*models.TextChoices.__subclasses__(), *models.IntegerChoices.__subclasses__()]
    for kind in kinds:
        if kind.__module__.startswith("cunjing.") and kind not in UNSEEN:
            yield from map(str, kind.labels)
    yield from (state.label for state in RecordState)
    yield from (outcome.value for outcome in Outcome)
    yield from (kind.value.title for kind in ProblemKind)
    yield from (label for label, _sign, _colour in VERDICTS.values())
    yield from (label for label, _colour in DISPOSITIONS.values())
    yield from (label for _sign, label, _colour in SIGNS.values())
    yield from (label for label, _name, _right in MENU)
    yield from {*SECTIONS.values(), *FIELDS.values(), DISTANCE}
    yield from QUESTIONS.values()
    yield from (duty.title for duty in WITHOUT_PROGRAMME)
    yield from CHANGED.values()
    yield from _labels_of_details()


def _labels_of_details() -> Iterator[str]:
    """The first of each pair (label, text) that a record's page lists."""
    for node in ast.walk(tree_of(CONSOLE / "detail_lines.py")):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            yield from filter(HAN.search, _words(node.elts[0]))


def _wanted() -> dict[str, str | None]:
    """Every key that a page may look up, with its plural where it has one."""
    keys: dict[str, str | None] = dict.fromkeys([*_in_code(), *_labels()])
    for key, plural in _in_templates():
        keys[key] = plural or keys.get(key)
    return keys


def _catalog(language: str) -> Catalog:
    return read_po(io.BytesIO(_file(language).read_bytes()), locale=language, abort_invalid=True)


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def _messages(language: str) -> list[Message]:
    return [message for message in _catalog(language) if message.id]


def _strings(message: Message) -> list[str]:
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _imported() -> set[str]:
    return {
        alias.name
        for path in project_files(".py", under=CONSOLE)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def test_the_console_looks_words_up_only_in_ways_this_test_reads() -> None:
    assert {"今日", "保存", "达标", "其他", "工作日志", "填写有误"} <= set(_wanted())
    assert _imported() <= LOOK_UPS
    other_ways = re.compile(r"{%\s*(?:trans|blocktrans)\s|_\(")
    pages = project_files(".html", under=CONSOLE)
    assert [path.name for path in pages if other_ways.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_chinese(language: str) -> None:
    said = {_key(message) for message in _messages(language) if all(_strings(message))}
    assert sorted(set(_wanted()) - said) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_no_page_shows(language: str) -> None:
    said = {_key(message) for message in _messages(language)}
    assert sorted(said - set(_wanted())) == []
    assert list(_catalog(language).obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [_key(message) for message in _messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_on_both_sides(language: str) -> None:
    wrong = [
        said
        for message in _messages(language)
        for said in _strings(message)
        if sorted(PLACEHOLDER.findall(said)) != sorted(PLACEHOLDER.findall(_key(message)))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_have_every_form_of_the_language(language: str) -> None:
    catalog = _catalog(language)
    counted = {key for key, plural in _wanted().items() if plural is not None}
    assert counted == {_key(message) for message in catalog if message.pluralizable}
    short = [
        _key(message)
        for message in catalog
        if message.pluralizable and len(_strings(message)) != catalog.num_plurals
    ]
    assert short == []


def test_no_language_but_chinese_shows_chinese() -> None:
    left = [
        said
        for language in LANGUAGES
        for message in _messages(language)
        for said in _strings(message)
        if HAN.search(said.replace("村警", ""))  # the product's own name
    ]
    assert left == []
