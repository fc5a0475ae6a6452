"""What every console template gets: the menu of what this actor may open, and the tile settings."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu: label in Chinese, address, whether it is the present page's."""

    label: str
    href: str
    active: bool


MENU: tuple[tuple[str, str, Permission], ...] = (
    ("今日", "home", Permission.POSTING_READ),
    ("村庄", "villages", Permission.POSTING_READ),
    ("包村安排", "coverage", Permission.POSTING_READ),
    ("匹配", "drafts", Permission.ROSTER_EDIT),
    ("日程", "months", Permission.PLAN_EDIT),
    ("人员", "staff", Permission.STAFF_READ),
    ("台账", "ledgers", Permission.RECORD_READ),
    ("考评", "assessments", Permission.ASSESSMENT_READ),
    ("请说明", "questions", Permission.QUESTION_CLOSE),
    ("设备", "devices", Permission.DEVICE_MANAGE),
    ("单位", "units", Permission.DIVISION_EDIT),
    ("账号", "users", Permission.USER_MANAGE),
    ("审计", "audit", Permission.AUDIT_READ),
)


def page(request: HttpRequest) -> dict[str, object]:
    """Menu of the signed-in actor; nothing before sign-in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"menu": (), "actor": None}
    return {"menu": menu_of(actor=actor, path=request.path), "actor": actor}


def menu_of(*, actor: Actor, path: str) -> tuple[MenuItem, ...]:
    """The entries `actor` may open; the longest address that `path` starts with is active."""
    open_to = [(label, reverse(name)) for label, name, right in MENU if actor.holds(right)]
    policies = reverse("policy", args=["-"]).removesuffix("-/")
    if path.startswith(policies):  # what the assessments are judged by has no entry of its own
        path = reverse("assessments")
    matching = [href for _, href in open_to if path.startswith(href)]
    active = max(matching, key=len, default="")
    return tuple(MenuItem(label=label, href=href, active=href == active) for label, href in open_to)
