"""GLOSSARY.md explains every model, every list of choices and every label people see."""

import re

from django.apps import apps
from django.db import models
from tests.support.sources import ROOT

GLOSSARY = ROOT / "GLOSSARY.md"
HEAD = ["中文", "English", "Meaning", "Source"]


def _rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in table if row != HEAD and not re.fullmatch(r":?-+:?", row[0])]


def _own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("cunjing.")]


def _own_choices() -> list[type[models.TextChoices]]:
    every: list[type[models.TextChoices]] = models.TextChoices.__subclasses__()
    return [kind for kind in every if kind.__module__.startswith("cunjing.")]


def test_every_term_has_its_four_cells() -> None:
    assert [row for row in _rows() if len(row) != len(HEAD) or not all(row)] == []


def test_no_term_stands_twice() -> None:
    names = [row[1] for row in _rows()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_model_and_list_of_choices_is_explained() -> None:
    named = {name for row in _rows() for name in re.findall(r"`(\w+)`", row[1])}
    classes = {kind.__name__ for kind in [*_own_models(), *_own_choices()]}
    assert sorted(classes - named) == []


def test_every_label_people_see_is_in_the_row_of_its_list() -> None:
    text = {name: " ".join(row) for row in _rows() for name in re.findall(r"`(\w+)`", row[1])}
    missing = [
        f"{kind.__name__}: {label}"
        for kind in _own_choices()
        for label in kind.labels
        if str(label) not in text.get(kind.__name__, "")
    ]
    assert missing == []
