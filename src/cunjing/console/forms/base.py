"""What the console's forms share: dates, people by badge number, and a domain's refusal shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cunjing.base.errors import Problem

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict
    from django_stubs_ext import StrOrPromise

Answer = TypeVar("Answer")


class Lines(forms.Textarea):
    """Text of several lines. A browser counts each line end as one sign and sends it as two."""

    def __init__(self, rows: int) -> None:
        super().__init__(attrs={"rows": rows})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile[Any]]", name: str
    ) -> Any:
        """What was filled in, its line ends as one sign each."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


def date_field(
    *, label: "StrOrPromise", required: bool = True, help_text: "StrOrPromise" = ""
) -> forms.DateField:
    """A day, entered with the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def offer(form: forms.Form, name: str, choices: Iterable[tuple[object, "StrOrPromise"]]) -> None:
    """Say what may be chosen in one field of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
    field.choices = list(choices)


def attempt(form: forms.Form, act: Callable[[], Answer]) -> Answer | None:
    """Call `act`; a refusal of what was filled in (422, 409) is shown on the form, None returned.

    Faults go to the field of the same name (`security.text`: `security_text`), or to the one a
    form's `aliases` names; else to the top of the form.
    """
    try:
        return act()
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        form.add_error(None, problem.detail)
        for fault in problem.faults:
            form.add_error(_field_for(form, fault.field), fault.message)
        return None


def _field_for(form: forms.Form, name: str) -> str | None:
    aliases: Mapping[str, str] = getattr(form, "aliases", {})
    field = aliases.get(name, name.replace(".", "_"))
    return field if field in form.fields else None


def form_page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """A page with its form; one that was sent and comes back was refused, and says so (422)."""
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def tell_errors(request: HttpRequest, form: forms.Form) -> None:
    """Show a form's errors as messages of the next page, where the form itself is not shown."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
