"""Month plans: a station's calendar, moving a day, one household's place in it, cars and days."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.base.clock import now, today
from cunjing.base.errors import forbidden, not_found
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.months import MoveForm
from cunjing.console.forms.rostering import CarForm, DayForm, WeightsForm
from cunjing.console.month_shapes import weeks_of
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not
from cunjing.policy.periods import following
from cunjing.rostering.actions import days as day_actions
from cunjing.rostering.actions import feeds as feed_actions
from cunjing.rostering.actions import plans as actions
from cunjing.rostering.actions.orders import OVERDUE, order_plan
from cunjing.rostering.counties import county_of
from cunjing.rostering.queries import agreed, feeds, plans
from cunjing.rostering.queries import days as day_queries


@require_GET
def months(request: ConsoleRequest) -> HttpResponse:
    """The reader's first station; where there are several, they are offered on its page."""
    require(request, Permission.PLAN_EDIT)
    first = plans.plannable_units(actor=request.actor).first()
    if first is None:
        raise forbidden(_("您的辖区内没有派出所，没有日程可排。"))
    return redirect("month", unit_code=first.code)


@require_GET
def month(request: ConsoleRequest, unit_code: str) -> HttpResponse:
    """Who is in which village each day of a month."""
    actor, day = request.actor, today()
    text = request.GET.get("month") or f"{day:%Y-%m}"
    period = actions.month_of(text)
    plan = plans.plan_of(actor=actor, unit_code=unit_code, month=text)
    order = plans.order_of(actor=actor, unit_code=unit_code, month=text)
    units = list(plans.plannable_units(actor=actor))
    unit = next((one for one in units if one.code == unit_code), None)
    if unit is None:
        raise not_found()  # a bureau plans no month of its own
    marks = plans.marks_of(actor=actor, unit_code=unit_code, period=period)
    planned = plans.days_of(actor=actor, plan=plan) if plan else []
    promised = agreed.agreed_of_unit(actor=actor, unit_code=unit_code, period=period)
    rest = plans.rest_days(period=period, marks=marks)
    context = {
        "unit": unit,
        "units": units,
        "month": text,
        "before": f"{period.start - timedelta(days=1):%Y-%m}",
        "after": following(period).text,
        "plan": plan,
        "order": order,
        "is_late": order is not None and order.asked_at < now() - OVERDUE,
        "planned": planned,
        "notes": plans.notes_of(plan) if plan else [],
        "weeks": weeks_of(period, planned=planned, agreed=promised, marks=marks, rest=rest, on=day),
        "is_past": period.end <= day,
        "cars": day_queries.cars_of(actor=actor, unit_code=unit_code),
        "car_form": CarForm(),
        "calendar_refusal": why_not(actor=actor, permission=Permission.CALENDAR_EDIT),
        "county": county_of(unit),
        "on": day,
    }
    return render(request, "console/month.html", context)


@require_POST
def make_plan(request: ConsoleRequest, unit_code: str) -> HttpResponse:
    """Order the month's plan, or a new one; a job makes it within seconds."""
    text = request.POST.get("month", "")
    order = order_plan(actor=request.actor, unit_code=unit_code, month=text)
    return redirect(f"{reverse('month', args=[unit_code])}?month={order.month}")


@require_http_methods(["GET", "POST"])
def plan_day(request: ConsoleRequest, day_id: UUID) -> HttpResponse:
    """One planned day with its households; move it to another day."""
    actor = request.actor
    row, right = plans.movable_day(actor=actor, day_id=day_id)
    form = MoveForm(request.POST or None, initial={"to": row.day})
    back = _back(unit_code=row.plan.unit_id, text=row.plan.month, own=right is Permission.PLAN_OWN)
    if form.is_valid():
        to = form.cleaned_data["to"]
        moved = attempt(form, lambda: actions.move_day(actor=actor, day_id=day_id, to=to))
        if moved is not None:
            messages.success(request, _("已改到 %(day)s。") % {"day": f"{moved.day:%m-%d}"})
            return redirect(back)
    context = {
        "form": form,
        "row": row,
        "calls": plans.calls_of(row),
        "agreed": agreed.agreed_on(row),
        "is_past": row.day < today(),
        "back": back,
    }
    return form_page(request, "console/plan_day.html", context)


@require_GET
def household_plan(request: ConsoleRequest, household_id: UUID) -> HttpResponse:
    """Whether the month's plan calls on a household, and if not, why."""
    look = plans.household_outlook(actor=request.actor, household_id=household_id, on=today())
    context = {"look": look, "agreed": agreed.agreed_with(look.household)}
    return render(request, "console/household_plan.html", context)


@require_POST
def add_car(request: ConsoleRequest, unit_code: str) -> HttpResponse:
    """Enter a shared car."""
    form = CarForm(request.POST)
    if form.is_valid():
        added = attempt(
            form,
            lambda: day_actions.add_car(
                actor=request.actor, unit_code=unit_code, label=form.cleaned_data["label"]
            ),
        )
        if added is not None:
            messages.success(request, _("已登记。重新排日程后生效。"))
    tell_errors(request, form)
    return redirect("month", unit_code=unit_code)


@require_POST
def retire_car(request: ConsoleRequest, car_id: UUID) -> HttpResponse:
    """Take a car out of use."""
    car = day_actions.retire_car(actor=request.actor, car_id=car_id)
    messages.success(request, _("已停用。重新排日程后生效。"))
    return redirect("month", unit_code=car.unit_id)


@require_http_methods(["GET", "POST"])
def county_days(request: ConsoleRequest, county_code: str) -> HttpResponse:
    """A county's working days, markets and festivals; how it weighs the need of a household."""
    actor, day = request.actor, today()
    period = actions.month_of(request.GET.get("month") or f"{day:%Y-%m}")
    known = day_queries.county_days(
        actor=actor, county_code=county_code, first=period.start, end=period.end
    )
    form = DayForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        saved = attempt(
            form, lambda: day_actions.set_day(actor=actor, county_code=county_code, **data)
        )
        if saved is not None:
            messages.success(request, _("已保存。重新排日程后生效。"))
            return redirect(f"{request.path}?month={saved.day:%Y-%m}")
    context = {
        "form": form,
        "days": known,
        "month": period.text,
        "county": county_code,
        "weights_form": WeightsForm.of(day_queries.weights(actor=actor, county_code=county_code)),
    }
    return form_page(request, "console/county_days.html", context)


@require_POST
def need_weights(request: ConsoleRequest, county_code: str) -> HttpResponse:
    """Set how a county weighs the need of a household."""
    form = WeightsForm(request.POST)
    if form.is_valid():
        saved = attempt(
            form,
            lambda: day_actions.set_weights(
                actor=request.actor, county_code=county_code, weights=form.cleaned_data
            ),
        )
        if saved is not None:
            messages.success(request, _("已保存。重新排日程后生效。"))
    tell_errors(request, form)
    return redirect("county_days", county_code=county_code)


@require_POST
@never_cache
def feed(request: ConsoleRequest) -> HttpResponse:
    """Make one's own calendar address, shown once; or stop it."""
    require(request, Permission.PLAN_OWN)
    if request.POST.get("revoke"):
        feed_actions.revoke_feed(actor=request.actor)
        messages.success(request, _("日历地址已停用。"))
        return redirect("home")
    opened = feed_actions.open_feed(actor=request.actor)
    address = request.build_absolute_uri(reverse("feed_calendar", args=[opened.token]))
    return render(request, "console/feed.html", {"address": address})


@login_not_required
@require_GET
def feed_calendar(request: ConsoleRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address."""
    response = HttpResponse(feeds.feed_of(token=token), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _back(*, unit_code: str, text: str, own: bool) -> str:
    return reverse("home") if own else f"{reverse('month', args=[unit_code])}?month={text}"
