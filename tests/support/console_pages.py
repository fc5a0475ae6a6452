"""Reading pages: their text, the errors of their forms, the messages they show."""

import html
import io
from typing import Any

from django.http.response import HttpResponseBase
from openpyxl import load_workbook


def text_of(response: Any) -> str:
    """The page as people read it: character references resolved."""
    return html.unescape(response.content.decode())


def errors_of(response: Any, part: str = "") -> dict[str, list[str]]:
    """The errors of the page's form; of a part of the entry form by its name (`calls.0`)."""
    form = response.context["forms"] if part else response.context["form"]
    for step in part.split(".") if part else ():
        form = form[int(step)] if step.isdigit() else getattr(form, step)
    return {field: [str(error) for error in errors] for field, errors in form.errors.items()}


def notices_of(response: Any) -> list[str]:
    """The messages shown on a page that was reached by a redirect."""
    return [str(message) for message in response.context["messages"]]


def workbook_rows(response: HttpResponseBase) -> list[tuple[Any, ...]]:
    """The rows of the first sheet of a downloaded workbook."""
    data = response.getvalue()
    sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]
