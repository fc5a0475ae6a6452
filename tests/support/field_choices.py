"""The words the phone offers, from the product's own lists: `field/src/app/choices.json`.

`PYTHONPATH=src .venv/bin/python -m tests.support.write_field_choices` writes it anew.
"""

import json
from pathlib import Path
from typing import Any

from django.db import models
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cunjing.accounts.roles import PERMISSIONS_OF
from cunjing.coverage.rules import grant_role_of
from cunjing.fieldwork import details, texts
from cunjing.fieldwork.models import InformationKind, RecordKind, SessionKind
from cunjing.kernel.permissions import Permission
from cunjing.matters import rules
from cunjing.matters.models import MatterLevel
from cunjing.places.models import Layer
from cunjing.staffing.models import StaffRole

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "field/src/app/choices.json"


def choices() -> dict[str, Any]:
    """Every list of choices and every limit that the forms of the phone need."""
    findings = {name: _chips(field) for name, field in details.HouseholdVisit.model_fields.items()}
    return {
        "records": _pairs(RecordKind),
        "questions": [
            {"name": name, "label": label, "chips": _pairs(findings[name])}
            for name, label in details.QUESTIONS.items()
        ],
        "information": _pairs(InformationKind),
        "sessions": _pairs(SessionKind),
        "publications": _pairs(details.Publication),
        "audiences": _pairs(details.Audience),
        "matters": [
            {"kind": str(kind.value), "label": str(kind.label), "subkinds": _pairs(subkinds)}
            for kind, subkinds in rules.SUBKINDS.items()
        ],
        "levels": _pairs(MatterLevel),
        "roles": _pairs(StaffRole),
        "household_editors": _editors(),
        "layers": _pairs(Layer),
        "limits": {
            "log": _longest(details.VillageVisit, "log"),
            "overnight_reason": _longest(details.VillageVisit, "overnight_reason"),
            "answer": _longest(details.Answer, "text"),
            "place": _longest(details.Information, "place"),
            "information": _longest(details.Information, "text"),
            "warning_title": _longest(details.Warning, "title"),
            "warning": _longest(details.Warning, "text"),
            "topic": _longest(details.Session, "topic"),
            "matter_place": rules.PLACE_MAX,
            "matter": rules.SUMMARY_MAX,
        },
        "personal_number": texts.PERSONAL_NUMBER.pattern,
        "personal_number_advice": texts.PERSONAL,
    }


def rendered() -> str:
    """The file's text."""
    return json.dumps(choices(), ensure_ascii=False, indent=2) + "\n"


def _editors() -> list[str]:
    """The roles whose postings give the right to change households."""
    needed = Permission.HOUSEHOLD_EDIT
    return [role for role in StaffRole.values if needed in PERMISSIONS_OF[grant_role_of(role)]]


def _pairs(kind: type[models.TextChoices]) -> list[list[str]]:
    return [[str(value), str(label)] for value, label in kind.choices]


def _chips(field: FieldInfo) -> type[models.TextChoices]:
    """The chips of a question, out of the type of its answer."""
    answer: Any = field.annotation
    chips: type[models.TextChoices] = answer.__pydantic_generic_metadata__["args"][0]
    return chips


def _longest(form: type[BaseModel], field: str) -> int:
    marks = form.model_fields[field].metadata
    return next(int(mark.max_length) for mark in marks if hasattr(mark, "max_length"))
