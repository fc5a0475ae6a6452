"""Units: the list by kind, one unit, and which villages it answers for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, invalid
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.forms.units import NewUnitForm, UnitForm, VillagesForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places import queries
from cunjing.places.actions.units import assign_villages, create_unit, edit_unit
from cunjing.places.models import Unit, UnitKind

EDIT = Permission.DIVISION_EDIT
PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def units(request: ConsoleRequest) -> HttpResponse:
    """The units of the jurisdiction by kind with how many villages each has, and making one."""
    actor = request.actor
    require(request, EDIT)
    found = list(queries.units(actor=actor, permission=EDIT))
    form = NewUnitForm(request.POST or None, parents=found)
    if form.is_valid():
        data = form.cleaned_data | {"kind": UnitKind(form.cleaned_data["kind"])}
        made = attempt(form, lambda: create_unit(actor=actor, **data))
        if made is not None:
            messages.success(request, _("已建立单位。请接着划入它管辖的村。"))
            return redirect("unit", unit_code=made.code)
    counts = queries.village_counts(actor=actor, units=found, on=today())
    kinds = [
        (kind, [(unit, counts[unit.code]) for unit in found if unit.kind == kind])
        for kind in UnitKind
    ]
    return form_page(request, "console/units.html", {"form": form, "kinds": kinds})


@require_http_methods(["GET", "POST"])
def unit(request: ConsoleRequest, unit_code: str) -> HttpResponse:
    """One unit with its villages; changing its name or telephone."""
    actor = request.actor
    require(request, EDIT)
    found = queries.unit(actor=actor, code=unit_code, permission=EDIT)
    form = UnitForm(request.POST or None, initial={"name": found.name, "phone": found.phone})
    if form.is_valid():
        data = form.cleaned_data
        changed = attempt(form, lambda: edit_unit(actor=actor, unit_code=unit_code, **data))
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect("unit", unit_code=unit_code)
    villages_form = VillagesForm(
        townships=queries.townships(actor=actor), initial={"valid_from": today()}
    )
    return _page(request, unit=found, form=form, villages_form=villages_form)


@require_POST
def unit_villages(request: ConsoleRequest, unit_code: str) -> HttpResponse:
    """Let the unit answer for villages from a day on."""
    actor = request.actor
    require(request, EDIT)
    found = queries.unit(actor=actor, code=unit_code, permission=EDIT)
    villages_form = VillagesForm(request.POST, townships=queries.townships(actor=actor))
    if villages_form.is_valid():
        changed = attempt(
            villages_form, lambda: _assign(actor=actor, unit=found, form=villages_form)
        )
        if changed is not None:
            messages.success(request, _("已划入 %(n)d 个村。") % {"n": changed})
            return redirect("unit", unit_code=unit_code)
    form = UnitForm(initial={"name": found.name, "phone": found.phone})
    return _page(request, unit=found, form=form, villages_form=villages_form)


def _page(
    request: ConsoleRequest, *, unit: Unit, form: UnitForm, villages_form: VillagesForm
) -> HttpResponse:
    here = queries.VillageFilter(unit_code=unit.code, on=today())
    rows = queries.villages(actor=request.actor, chosen=here)
    context = {
        "unit": unit,
        "by_division": unit.kind == UnitKind.COUNTY,
        "form": form,
        "villages_form": villages_form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return form_page(request, "console/unit.html", context)


def _assign(*, actor: Actor, unit: Unit, form: VillagesForm) -> int:
    """Assign what the form names. Raises Problem (422) for codes the actor has no right over."""
    data = form.cleaned_data
    known = queries.villages(actor=actor, permission=EDIT)
    codes = set(data["codes"])
    if strange := codes - set(known.filter(code__in=codes).values_list("code", flat=True)):
        listed = "、".join(sorted(strange)[:5])
        raise invalid(
            "没有划入，请改正标出的项。",
            FieldFault("codes", f"没有代码为{listed}的村，或者不在您的辖区内。"),
        )
    if data["township"]:
        chosen = queries.VillageFilter(township_code=data["township"], on=today())
        living = queries.villages(actor=actor, chosen=chosen, permission=EDIT)
        codes |= set(living.values_list("code", flat=True))
    return assign_villages(
        actor=actor, unit_code=unit.code, village_codes=codes, valid_from=data["valid_from"]
    )
