"""What matching asks of people and villages: attributes, wishes, pins and bans."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, forbidden, invalid
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.forms.rostering import (
    WISHES,
    CandidacyForm,
    FeatureForm,
    HoldForm,
    WishForm,
    code_of,
)
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.queries import VillageFilter, village, villages
from cunjing.rostering.actions import candidates as actions
from cunjing.rostering.models import Candidacy, Hold, HoldKind, Wish
from cunjing.rostering.queries import candidates as queries
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import find_people, own_entry, person


@require_http_methods(["GET", "POST"])
def candidacy(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Attributes of one person, with their wishes beside them."""
    actor = request.actor
    entry = queries.candidate(actor=actor, staff_id=staff_id)
    townships = [(row.code, row.name) for row in queries.townships_of(entry.staff)]
    form = CandidacyForm(request.POST or None, townships=townships, initial=_initial(entry))
    if form.is_valid():
        fields = _fields(form)
        saved = attempt(
            form, lambda: actions.set_candidacy(actor=actor, staff_id=staff_id, fields=fields)
        )
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect("candidacy", staff_id=staff_id)
    context = {
        "form": form,
        "person": entry.staff,
        "wishes": queries.wishes_of(actor=actor, staff_id=staff_id),
        "villages": queries.wishable_villages(entry.staff),
        "holds": queries.holds(actor=actor).filter(staff_id=staff_id),
    }
    return form_page(request, "console/candidacy.html", context)


@require_http_methods(["GET", "POST"])
def own_wishes(request: ConsoleRequest) -> HttpResponse:
    """One's own wishes."""
    require(request, Permission.WISH_WRITE)
    own = own_entry(actor=request.actor)
    if own is None:
        raise forbidden(_("您的账号没有关联人员。请联系县局。"))
    return _wish_page(request, staff=own, own=True)


@require_http_methods(["GET", "POST"])
def wishes(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """The wishes of one person, entered for them."""
    staff = person(actor=request.actor, staff_id=staff_id)
    return _wish_page(request, staff=staff, own=False)


@require_http_methods(["GET", "POST"])
def village_feature(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """What matching should know of a village."""
    actor = request.actor
    known = queries.feature(actor=actor, village_code=village_code)
    names = ("on_main_road", "complex", "cases", "population")
    initial = {name: getattr(known, name) for name in names}
    form = FeatureForm(request.POST or None, initial=initial)
    if form.is_valid():
        fields = actions.FeatureFields(**form.cleaned_data)
        saved = attempt(
            form, lambda: actions.set_feature(actor=actor, village_code=village_code, fields=fields)
        )
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect("village", village_code=village_code)
    context = {"form": form, "village": village(actor=actor, code=village_code)}
    return form_page(request, "console/village_feature.html", context)


@require_http_methods(["GET", "POST"])
def holds(request: ConsoleRequest) -> HttpResponse:
    """Pins and bans in force, and one more."""
    actor = request.actor
    require(request, Permission.CANDIDACY_EDIT)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        added = attempt(form, lambda: _add_hold(actor=actor, form=form))
        if added is not None:
            messages.success(request, _("已登记，以后的匹配都照此办理。"))
            return redirect("holds")
    context = {
        "form": form,
        "holds": queries.holds(actor=actor),
        "people": find_people(actor=actor, on_duty_on=today()),
        "villages": villages(actor=actor, chosen=VillageFilter(on=today())),
    }
    return form_page(request, "console/holds.html", context)


@require_POST
def lift_hold(request: ConsoleRequest, hold_id: UUID) -> HttpResponse:
    """End a pin or ban."""
    actions.lift_hold(actor=request.actor, hold_id=hold_id)
    messages.success(request, _("已解除。"))
    return redirect("holds")


def person_named(*, actor: Actor, text: str) -> Staff:
    """The person a list entry `badge name` names; raises 422 on the field `badge_number`."""
    badge = code_of(text).upper()
    for staff in find_people(actor=actor, text=badge) if badge else ():
        if staff.badge_number == badge:
            return staff
    fault = FieldFault("badge_number", _("没有这个警号的人员，请从列表中选择。"))
    raise invalid(_("没有保存。"), fault)


def _add_hold(*, actor: Actor, form: HoldForm) -> Hold:
    data = form.cleaned_data
    return actions.add_hold(
        actor=actor,
        kind=HoldKind(data["kind"]),
        staff_id=person_named(actor=actor, text=data["badge_number"]).pk,
        village_code=code_of(data["village"]),
        reason=data["reason"],
    )


def _wish_page(request: ConsoleRequest, *, staff: Staff, own: bool) -> HttpResponse:
    actor = request.actor
    present = queries.wishes_of(actor=actor, staff_id=staff.pk)
    form = WishForm(request.POST or None, initial=_wished(present))
    if form.is_valid():
        saved = attempt(
            form,
            lambda: actions.set_wishes(actor=actor, staff_id=staff.pk, village_codes=form.codes()),
        )
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect("home") if own else redirect("candidacy", staff_id=staff.pk)
    context = {
        "form": form,
        "person": staff,
        "own": own,
        "villages": queries.wishable_villages(staff),
    }
    return form_page(request, "console/wishes.html", context)


def _wished(wishes: list[Wish]) -> dict[str, str]:
    return {
        name: f"{wish.village_id} {wish.village.name}"
        for name, wish in zip(WISHES, wishes, strict=False)
    }


def _initial(entry: Candidacy) -> dict[str, object]:
    village = entry.former_village
    return {
        "trade": entry.trade,
        "seniority": int(entry.seniority),
        "capacity": entry.capacity,
        "former_township_code": entry.former_township_id or "",
        "former_village_code": f"{village.code} {village.name}" if village else "",
    }


def _fields(form: CandidacyForm) -> actions.CandidacyFields:
    data = form.cleaned_data
    return actions.CandidacyFields(
        trade=data["trade"],
        capacity=data["capacity"],
        seniority=data["seniority"],
        former_township_code=data["former_township_code"],
        former_village_code=code_of(data["former_village_code"]),
    )
