"""Phones: who has which, binding and stopping one, and what waits for a person's decision."""

from collections.abc import Iterable
from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.accounts.queries import user_of
from cunjing.base.errors import forbidden, not_found
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.devices import DecisionForm, RevokeForm
from cunjing.console.line_shapes import body_lines, fault_label, saved_text, type_label
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places import queries as places
from cunjing.places.access import why_not
from cunjing.sync import queries, waiting
from cunjing.sync.conflicts import conflicts
from cunjing.sync.deciding import TO_APPLY, decide_line, decide_push
from cunjing.sync.enrolment import create_enrolment_code, revoke_device
from cunjing.sync.keys import server_key
from cunjing.sync.models import DecisionOutcome, Mutation
from cunjing.sync.twins import same_words
from cunjing.sync.whereabouts import named_village

PAGE_SIZE = 50
USE, MANAGE = Permission.DEVICE_USE, Permission.DEVICE_MANAGE
APP = "/field/"
"""Where the phone's app is served from."""
THIS_MACHINE = frozenset({"localhost", "127.0.0.1"})
"""Hosts a browser takes for secure without encryption."""


@require_GET
def devices(request: ConsoleRequest) -> HttpResponse:
    """The phones the reader manages, and their own."""
    actor = request.actor
    if not actor.holds_any((USE, MANAGE)):
        raise forbidden(why_not(actor=actor, permission=MANAGE))
    page = Paginator(queries.devices(actor=actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "own_refusal": why_not(actor=actor, permission=USE),
        "manages": actor.holds(MANAGE),
        "versions": waiting.versions(actor=actor),
        "waiting_count": waiting.waiting_count(actor=actor) if actor.holds(MANAGE) else 0,
        "conflict_count": conflicts(actor=actor).count() if actor.holds(MANAGE) else 0,
    }
    return render(request, "console/devices.html", context)


@require_POST
@never_cache
def enrol(request: ConsoleRequest) -> HttpResponse:
    """A code for a phone of one's own, shown this once."""
    return _code_page(request, user_id=request.user.pk)


@require_POST
@never_cache
def enrol_for(request: ConsoleRequest, user_id: UUID) -> HttpResponse:
    """A code for the phone of somebody whose account one may stand in for, shown this once."""
    return _code_page(request, user_id=user_id)


@require_GET
def device(request: ConsoleRequest, device_id: UUID) -> HttpResponse:
    """One phone: its state, and what it sent that was not done."""
    actor = request.actor
    found = queries.device_of(actor=actor, device_id=device_id)
    lines = waiting.not_done_of(actor=actor, device_id=device_id)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "device": found,
        "page": page,
        "rows": [(line, type_label(line.type)) for line in page.object_list],
        "elsewhere": waiting.elsewhere_of(actor=actor, device_id=device_id),
        "form": RevokeForm(),
    }
    return render(request, "console/device.html", context)


@require_POST
def revoke(request: ConsoleRequest, device_id: UUID) -> HttpResponse:
    """Stop a phone at once; it is told at its next contact."""
    form = RevokeForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: revoke_device(actor=request.actor, device_id=device_id, reason=reason),
        )
        if done is not None:
            messages.success(request, _("已停用。手机下次联系时清除数据，未上传的记录会交到站里。"))
    tell_errors(request, form)
    return redirect("device", device_id=device_id)


@require_GET
def waiting_room(request: ConsoleRequest) -> HttpResponse:
    """What phones sent and nobody has decided about."""
    require(request, MANAGE)
    actor = request.actor
    listed = waiting.listed_lines(actor=actor)
    page = Paginator(listed.lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (line, type_label(line.type), line.pk in listed.twice) for line in page.object_list
        ],
        "pushes": waiting.waiting_pushes(actor=actor)[:PAGE_SIZE],
    }
    return render(request, "console/waiting.html", context)


@require_http_methods(["GET", "POST"])
def line(request: ConsoleRequest, device_id: UUID, n: int) -> HttpResponse:
    """What a line says, why it was not done, and a person's decision about it."""
    actor = request.actor
    found = waiting.line_of_device(actor=actor, device_id=device_id, n=n)
    form = DecisionForm(request.POST or None, applies=found.type in TO_APPLY)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: decide_line(
                actor=actor,
                device_id=device_id,
                n=n,
                outcome=DecisionOutcome(data["outcome"]),
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("已处理，理由已留存。"))
            return redirect("waiting")
    return form_page(request, "console/line.html", _line_context(request, found, form))


def _line_context(
    request: ConsoleRequest, found: Mutation, form: DecisionForm
) -> dict[str, object]:
    actor = request.actor
    twins = list(waiting.waiting_twins(actor=actor, line=found))
    said, *theirs = [waiting.said_by(one) for one in (found, *twins)]
    villages = _village_names(actor, [said, *theirs])
    return {
        "line": found,
        "saved_at": saved_text(said.saved_at),
        "type_label": type_label(found.type),
        "lines": body_lines(said.body, villages=villages),
        "faults": [
            (fault_label(fault["field"]), fault["message"])
            for fault in (found.problem or {}).get("faults", ())
        ],
        "photo": getattr(found, "held_photo", None),
        "phone_shown": queries.devices(actor=actor).filter(pk=found.device_id).exists(),
        "decision": getattr(found, "decision", None),
        "twins": [
            (twin, same_words(found, twin), body_lines(one.body, villages=villages))
            for twin, one in zip(twins, theirs, strict=True)
        ],
        "before": waiting.mended_from(actor=actor, line=found),
        "after": waiting.mended_into(actor=actor, line=found),
        "form": form,
        "refusal": why_not(actor=actor, permission=MANAGE),
    }


@require_GET
@never_cache
def line_photo(request: ConsoleRequest, device_id: UUID, n: int) -> HttpResponse:
    """The picture that came with a line and waits with it."""
    found = waiting.line_of_device(actor=request.actor, device_id=device_id, n=n)
    held = getattr(found, "held_photo", None)
    if held is None:
        raise not_found()
    return HttpResponse(bytes(held.content), content_type="image/jpeg")


@require_http_methods(["GET", "POST"])
def push(request: ConsoleRequest, push_id: UUID) -> HttpResponse:
    """A push that was kept whole: what can be read of it, and a person's decision about it."""
    actor = request.actor
    found = waiting.push_of(actor=actor, push_id=push_id)
    form = DecisionForm(request.POST or None, applies=False)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: decide_push(
                actor=actor,
                push_id=push_id,
                outcome=DecisionOutcome(data["outcome"]),
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("已处理，理由已留存。"))
            return redirect("waiting")
    said = waiting.lines_in(found, actor=actor)
    villages = _village_names(actor, [one for one in said if one])
    context = {
        "push": found,
        "lines": [
            (type_label(one.type), one, body_lines(one.body, villages=villages))
            for one in said
            if one
        ],
        "elsewhere": said.count(None),
        "decision": getattr(found, "decision", None),
        "form": form,
        "refusal": why_not(actor=actor, permission=MANAGE),
    }
    return form_page(request, "console/push.html", context)


def _village_names(actor: Actor, said: Iterable[waiting.Said]) -> dict[str, str]:
    """The names of the villages some lines speak of, of those the actor may see."""
    codes = {code for one in said if (code := named_village(one.body))}
    return dict(places.villages(actor=actor).filter(code__in=codes).values_list("code", "name"))


def _code_page(request: ConsoleRequest, *, user_id: UUID) -> HttpResponse:
    made = create_enrolment_code(actor=request.actor, user_id=user_id)
    key = server_key()
    address = request.build_absolute_uri(APP)
    invitation = f"{address}#enrol={made.secret}.{key.fingerprint}"
    picture = segno.make(invitation, error="m").svg_inline(scale=5, border=2, light="#fff")
    context = {
        "account": user_of(actor=request.actor, user_id=user_id),
        "picture": mark_safe(picture),  # noqa: S308 - drawn by segno from our own text
        "invitation": invitation,
        "expires_at": made.code.expires_at,
        "own": user_id == request.user.pk,
        "secure": request.is_secure() or request.get_host().partition(":")[0] in THIS_MACHINE,
        "back": reverse("devices"),
    }
    return render(request, "console/device_code.html", context)
