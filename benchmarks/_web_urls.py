"""The product's addresses and the limit they are held against: one indexed query, no more."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks._web_data import COUNTY
from cunjing.config.urls import urlpatterns as product

ONE_ROW = "SELECT name FROM places_village WHERE code = %s"


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """The bare Django view: one row by primary key."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_ROW, [f"{COUNTY}100200"])
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path("bare/", bare), *product]
