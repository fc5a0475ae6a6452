"""What the console calls its pages, ledgers and kinds on screen: the places a text may send one to.

Read from the menu, the templates and the models themselves, so a place that is renamed or taken
away is no longer among them.
"""

import re

from django.db.models import TextChoices
from tests.support.sources import PRODUCT

from cunjing.console.context import MENU
from cunjing.console.forms.staff import StaffForm
from cunjing.fieldwork.models import InformationKind, RecordKind, SessionKind
from cunjing.matters.models import MatterKind
from cunjing.matters.rules import SUBKINDS

_TEMPLATES = PRODUCT / "console" / "templates" / "console"
_HEADING = re.compile(r"<h1>(.*?)</h1>")
_WORDS = re.compile(r'{% translate "([^"]+)" %}')


def _headings() -> set[str]:
    """What stands in the headings of the pages, beside names of villages and people."""
    return {
        words
        for path in _TEMPLATES.glob("*.html")
        for heading in _HEADING.findall(path.read_text("utf-8"))
        for words in _WORDS.findall(heading)
    }


PAGES = {label for label, _, _ in MENU} | _headings()
LEDGERS = {str(kind.label) for kind in (*RecordKind, *MatterKind)}
_SUBKINDS: tuple[type[TextChoices], ...] = (InformationKind, SessionKind, *SUBKINDS.values())
KINDS = {str(label) for kinds in _SUBKINDS for label in kinds.labels}
"""What a ledger sorts its entries by."""
PERSON_FIELDS = {str(field.label) for field in StaffForm.base_fields.values()}
