"""The first page: what to do today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.console.requests import ConsoleRequest


@require_GET
def home(request: ConsoleRequest) -> HttpResponse:
    """Today."""
    return render(request, "console/home.html")
