"""Villages: finding one, its page, its households, and decisions about it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.assessment import matrix
from cunjing.assessment.queries import latest_runs
from cunjing.base.clock import today
from cunjing.briefings.queries import briefings
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.places import (
    DecisionForm,
    HamletForm,
    HouseholdForm,
    LocationForm,
    VillageFilter,
)
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.console.shapes import village_places
from cunjing.coverage import queries as coverage
from cunjing.coverage.village_ends import decide as decide_village
from cunjing.fieldwork import queries as fieldwork
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.matters import queries as matters
from cunjing.places import queries
from cunjing.places.access import check_village, why_not_village
from cunjing.places.actions import edits, households
from cunjing.places.actions.location import locate_village
from cunjing.places.models import Layer, UnitKind, VillageEdit, VillageEditKind
from cunjing.places.search import search

PAGE_SIZE = 50
RECENT = 10


@require_GET
def villages(request: ConsoleRequest) -> HttpResponse:
    """The reader's villages with who serves them; a search goes by name, pinyin or code."""
    actor, day = request.actor, today()
    require(request, Permission.POSTING_READ)
    form = VillageFilter(
        request.GET,
        townships=queries.townships(actor=actor),
        units=queries.units(actor=actor, kind=UnitKind.STATION),
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    text = chosen.get("q", "").strip()
    if text:
        hits = search(actor=actor, text=text, limit=PAGE_SIZE)
        if len(hits) == 1:
            return redirect("village", village_code=hits[0].code)
        return render(request, "console/village_hits.html", {"hits": hits, "text": text})
    found = queries.villages(
        actor=actor,
        chosen=queries.VillageFilter(
            township_code=chosen.get("township", ""),
            unit_code=chosen.get("unit", ""),
            layer=chosen.get("layer", ""),
            on=day,
        ),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    codes = [village.code for village in page.object_list]
    serving: dict[str, list[str]] = {}
    for posting in coverage.current_postings(actor=actor, on=day).filter(village_id__in=codes):
        serving.setdefault(posting.village_id, []).append(posting.staff.name)
    context = {
        "form": form,
        "page": page,
        "lines": [(village, serving.get(village.code, [])) for village in page.object_list],
        "map": village_places(page.object_list, serving=serving),
    }
    return render(request, "console/villages.html", context)


@require_GET
def village(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Everything about one village: who serves it, this period's verdicts, work, matters."""
    actor, day = request.actor, today()
    found = queries.village(actor=actor, code=village_code)
    results = [
        (run, cell)
        for run in latest_runs(actor=actor, on=day)
        if village_code.startswith(run.scope)
        for cell in matrix.village_results(actor=actor, run_id=run.pk, village_code=village_code)
    ]
    context = {
        "village": found,
        "station": queries.station_of(village_code=village_code, on=day),
        "postings": coverage.village_history(actor=actor, village_code=village_code),
        "results": results,
        "records": fieldwork.ledger(
            actor=actor, chosen=LedgerFilter(village_code=village_code), size=RECENT
        ).rows,
        "matters": matters.ledger(
            actor=actor,
            chosen=matters.MatterFilter(village_code=village_code, is_open=True),
            size=RECENT,
        ).rows,
        "households": queries.households(actor=actor, village_code=village_code).count(),
        "briefings": briefings(actor=actor, village_code=village_code, on=day).count(),
        "edits": queries.edits(actor=actor, code=village_code),
        "map": village_places([found], serving={}),
        "location_form": LocationForm(
            initial={"longitude": found.longitude, "latitude": found.latitude}
        ),
        "on": day,
        **_refusals(actor=actor, village_code=village_code),
    }
    return render(request, "console/village.html", context)


@require_http_methods(["GET", "POST"])
def village_households(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """The addresses of a village by visit priority, and adding one."""
    actor = request.actor
    found = queries.village(actor=actor, code=village_code)
    hamlets = queries.hamlets(actor=actor, village_code=village_code)
    form = HouseholdForm(request.POST or None, hamlets=hamlets)
    if form.is_valid():
        new = households.NewHousehold(
            address=form.cleaned_data["address"],
            hamlet_id=_uuid(form.cleaned_data["hamlet_id"]),
            visit_priority=form.cleaned_data["visit_priority"],
        )
        added = attempt(
            form,
            lambda: households.add_household(actor=actor, village_code=village_code, household=new),
        )
        if added is not None:
            messages.success(request, _("已登记。"))
            return redirect("households", village_code=village_code)
    rows = queries.households(actor=actor, village_code=village_code)
    context = {
        "village": found,
        "form": form,
        "hamlet_form": HamletForm(),
        "hamlets": hamlets,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "refusal": why_not_village(
            actor=actor, permission=Permission.HOUSEHOLD_EDIT, village_code=village_code
        ),
        "sees_plan": actor.holds_any((Permission.PLAN_EDIT, Permission.PLAN_OWN)),
    }
    return form_page(request, "console/households.html", context)


@require_POST
def add_hamlet(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Add a natural group."""
    form = HamletForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        attempt(
            form,
            lambda: households.add_hamlet(
                actor=request.actor, village_code=village_code, name=name
            ),
        )
    tell_errors(request, form)
    return redirect("households", village_code=village_code)


@require_http_methods(["GET", "POST"])
def change_hamlet(request: ConsoleRequest, hamlet_id: UUID) -> HttpResponse:
    """Rename a natural group, or take it out of use once no address in use belongs to it."""
    actor = request.actor
    found = queries.hamlet(actor=actor, hamlet_id=hamlet_id)
    check_village(actor=actor, permission=Permission.HOUSEHOLD_EDIT, village_code=found.village_id)
    form = HamletForm(request.POST or None, initial={"name": found.name})
    version = _version(request, now=found.version)
    if "retire" in request.POST:
        form = HamletForm({"name": found.name})
        done = attempt(
            form,
            lambda: households.retire_hamlet(actor=actor, hamlet_id=hamlet_id, version=version),
        )
    elif form.is_valid():
        name = form.cleaned_data["name"]
        done = attempt(
            form,
            lambda: households.rename_hamlet(
                actor=actor, hamlet_id=hamlet_id, version=version, name=name
            ),
        )
    else:
        done = None
    if done is not None:
        messages.success(request, _("已停用。") if done.retired_on else _("已保存。"))
        return redirect("households", village_code=found.village_id)
    context = {"form": form, "hamlet": found, "version": version}
    return form_page(request, "console/hamlet.html", context)


@require_POST
def locate(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Say where the seat of a village stands."""
    actor = request.actor
    check_village(actor=actor, permission=Permission.DIVISION_EDIT, village_code=village_code)
    form = LocationForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        located = attempt(
            form, lambda: locate_village(actor=actor, village_code=village_code, **data)
        )
        if located is not None:
            messages.success(request, _("已保存。"))
    tell_errors(request, form)
    return redirect("village", village_code=village_code)


@require_http_methods(["GET", "POST"])
def change_household(request: ConsoleRequest, household_id: UUID) -> HttpResponse:
    """Change an address, its group or its visit priority; or take it out of use."""
    actor = request.actor
    found = queries.household(actor=actor, household_id=household_id)
    check_village(actor=actor, permission=Permission.HOUSEHOLD_EDIT, village_code=found.village_id)
    hamlets = queries.hamlets(actor=actor, village_code=found.village_id)
    initial = {
        "address": found.address,
        "hamlet_id": str(found.hamlet_id or ""),
        "visit_priority": found.visit_priority,
    }
    form = HouseholdForm(request.POST or None, hamlets=hamlets, initial=initial)
    version = _version(request, now=found.version)
    if "retire" in request.POST:
        households.retire_household(actor=actor, household_id=household_id, version=version)
        messages.success(request, _("已停用，原有走访记录保留。"))
        return redirect("households", village_code=found.village_id)
    if form.is_valid():
        state = households.HouseholdState(
            address=form.cleaned_data["address"],
            hamlet_id=_uuid(form.cleaned_data["hamlet_id"]),
            visit_priority=form.cleaned_data["visit_priority"],
        )
        changed = attempt(
            form,
            lambda: households.edit_household(
                actor=actor, household_id=household_id, version=version, state=state
            ),
        )
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect("households", village_code=found.village_id)
    context = {"form": form, "household": found, "version": version}
    return form_page(request, "console/household.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Enter a dated decision that renames, merges, splits, founds, moves or ends a village."""
    actor = request.actor
    check_village(actor=actor, permission=Permission.DIVISION_EDIT, village_code=village_code)
    form = DecisionForm(request.POST or None, initial={"effective_on": today()})
    if form.is_valid():
        act = _act(actor=actor, code=village_code, form=form)
        decided = attempt(form, lambda: decide_village(actor=actor, act=act))
        if decided is not None:
            messages.success(request, _("已登记，变更前的情况保留在历史中。"))
            if decided.ended:
                told = _("随之终止 %(n)d 项包村安排，请为有关人员另行安排。")
                messages.warning(request, told % {"n": len(decided.ended)})
            return redirect("village", village_code=village_code)
    found = queries.village(actor=actor, code=village_code)
    return form_page(request, "console/village_decide.html", {"form": form, "village": found})


def _refusals(*, actor: Actor, village_code: str) -> dict[str, str]:
    """Why each button of the village page is disabled; empty where it is not."""
    rights = {
        "write": Permission.RECORD_WRITE,
        "write_for": Permission.RECORD_WRITE_FOR,
        "posting": Permission.POSTING_EDIT,
        "edit": Permission.DIVISION_EDIT,
        "household": Permission.HOUSEHOLD_EDIT,
        "feature": Permission.CANDIDACY_EDIT,
    }
    return {
        f"{name}_refusal": why_not_village(
            actor=actor, permission=permission, village_code=village_code
        )
        for name, permission in rights.items()
    }


def _act(*, actor: Actor, code: str, form: DecisionForm) -> Callable[[], VillageEdit]:
    data = form.cleaned_data
    decision = edits.Decision(
        effective_on=data["effective_on"], document=data["document"], reason=data["reason"]
    )
    other = edits.NewVillage(code=data["code"], name=data["name"])
    acts: dict[VillageEditKind, Callable[[], VillageEdit]] = {
        VillageEditKind.RENAME: lambda: edits.rename_village(
            actor=actor, village_code=code, name=data["name"], decision=decision
        ),
        VillageEditKind.LAYER: lambda: edits.set_layer(
            actor=actor, village_code=code, layer=Layer(data["layer"]), decision=decision
        ),
        VillageEditKind.MOVE: lambda: edits.move_village(
            actor=actor,
            village_code=code,
            township_code=data["township_code"],
            decision=decision,
        ),
        VillageEditKind.MERGE: lambda: edits.merge_villages(
            actor=actor,
            predecessor_codes=[code],
            successor_code=data["code"],
            decision=decision,
            name=data["name"],
        ),
        VillageEditKind.SPLIT: lambda: edits.split_village(
            actor=actor, village_code=code, parts=[other], decision=decision
        ),
        VillageEditKind.NEW: lambda: edits.create_village(
            actor=actor, village=other, township_code=data["township_code"], decision=decision
        ),
        VillageEditKind.ABOLISH: lambda: edits.abolish_village(
            actor=actor, village_code=code, decision=decision
        ),
    }
    return acts[VillageEditKind(data["kind"])]


def _version(request: ConsoleRequest, *, now: int) -> int:
    """The version the form was opened at; one that cannot be read is an old one."""
    text = request.POST.get("version", str(now))
    return int(text) if text.isascii() and text.isdigit() else -1


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None
