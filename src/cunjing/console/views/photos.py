"""A photo beside a record or a matter: seen by who may read those, erased by who may write them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from cunjing.console.forms.base import attempt, tell_errors
from cunjing.console.requests import ConsoleRequest
from cunjing.photos.actions import erase_photo
from cunjing.photos.queries import content_of, visible_photo


class EraseForm(forms.Form):
    """Why the content of a photo goes."""

    reason = forms.CharField(label=gettext_lazy("删除理由"), max_length=190)


@require_GET
def photo(request: ConsoleRequest, photo_id: UUID) -> HttpResponse:
    """The picture itself."""
    path = content_of(actor=request.actor, photo_id=photo_id)
    response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["POST"])
def erase(request: ConsoleRequest, photo_id: UUID) -> HttpResponse:
    """Delete the content; that there was a photo stays."""
    found = visible_photo(actor=request.actor, photo_id=photo_id)
    form = EraseForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, lambda: erase_photo(actor=request.actor, photo_id=photo_id, reason=reason)
        )
        if done is not None:
            messages.success(request, _("照片内容已删除，登记和理由保留。"))
    tell_errors(request, form)
    if found.record_id:
        return redirect("record", record_id=found.record_id)
    return redirect("matter", matter_id=found.matter_id)
