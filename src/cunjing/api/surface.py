"""API v1 as a whole: its routers, its OpenAPI document, its addresses."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from cunjing.api import (
    assessments,
    households,
    matters,
    me,
    people,
    policies,
    records,
    rostering,
    standings,
    villages,
    visits,
)
from cunjing.api.auth import TokenAuth
from cunjing.api.problems import CONTENT_TYPE as PROBLEM
from cunjing.api.problems import not_allowed, translate_problems, unknown_address

ROOT = "api-root"
PARTS = (
    me,
    villages,
    households,
    people,
    records,
    visits,
    matters,
    assessments,
    policies,
    standings,
    rostering,
)
DESCRIPTION = """Read and record a county's village policing work.

Every list is cut in pages: follow `next_cursor` until it is empty. Whatever is recorded carries an
id the client made; sent again with the same content it is answered the same, with other content it
is refused (409). Refusals are problem details (RFC 9457) with advice in Chinese."""

View = Callable[..., HttpResponse]


class Renderer(BaseRenderer):
    """JSON as the schemas mean it: enums by value, moments by ISO 8601, Chinese as it is."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        return to_json(data)


class Api(NinjaAPI):
    """Ninja with short operation ids and an OpenAPI document that tells problems from answers."""

    _document: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The view's name; they are unique over the whole API."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document, made once: it changes only with a new version of the product."""
        if self._document is None:
            self._document = _with_problems(super().get_openapi_schema(**options))
        return self._document


def _with_problems(schema: OpenAPISchema) -> OpenAPISchema:
    """Put refusals under the media type they are sent in."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    response["content"] = {PROBLEM: response["content"]["application/json"]}
    return schema


def _made() -> Api:
    api = Api(
        title="村警 Cunjing API",
        version="1.0.0",
        description=DESCRIPTION,
        docs_url=None,
        auth=TokenAuth(),
        renderer=Renderer(),
        urls_namespace="api",
    )
    translate_problems(api)
    for part in PARTS:
        api.add_router("", part.router)
    return api


def _programs_only(view: View) -> View:
    """For programs: a key signs in, not a session, so there is no form to forge either."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def call(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return not_allowed(allow=response["Allow"])
        return response

    return call


def _addresses(made: Api) -> list[URLPattern]:
    """Ninja's addresses, and problem details at every other one.

    The root has a name, from which ninja takes the prefix of the document's paths, but no page.
    """
    patterns, _, _ = made.urls
    return [
        *(
            URLPattern(found.pattern, _programs_only(found.callback), name=found.name)
            for found in patterns
            if isinstance(found, URLPattern) and found.name != ROOT
        ),
        path("", _programs_only(unknown_address), name=ROOT),
        re_path("", _programs_only(unknown_address)),
    ]


api = _made()
urls = (_addresses(api), "ninja", "api")
"""Addresses for `path("api/v1/", urls)`."""
