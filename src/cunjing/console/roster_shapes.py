"""Shapes of drafts for their page: the map and the lists to choose from. No reads of their own."""

from django.utils.translation import gettext as _

from cunjing.console.templatetags.console import tiles_setting
from cunjing.rostering.queries.drafts import DraftLine, DraftView


def draft_places(view: DraftView) -> dict[str, object] | None:
    """The map of the draft's villages that have coordinates; None where none has."""
    places = [
        {
            "latitude": line.village.latitude,
            "longitude": line.village.longitude,
            "name": line.village.name,
            "state": _state(line),
            "tone": _tone(line),
            "href": f"?village={line.village.code}#why",
        }
        for line in view.lines
        if line.village.latitude is not None
    ]
    if not places:
        return None
    tiles = tiles_setting()
    return {"places": places, **({"tiles": tiles} if tiles else {})}


def asked_line(view: DraftView, *, code: str) -> DraftLine | None:
    """The village the reader asks about where they named one."""
    return next((line for line in view.lines if line.village.code == code), None)


def _state(line: DraftLine) -> str:
    if line.after is None:
        return _("空白")
    return _("%(name)s（变动）") % {"name": line.after.name} if line.changed else line.after.name


def _tone(line: DraftLine) -> str:
    if line.after is None:
        return "bad"
    return "warning" if line.changed else "good"
