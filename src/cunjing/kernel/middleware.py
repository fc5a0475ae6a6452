"""A body cut short is refused before any view reads it.

Under granian-WSGI and gunicorn a Django view can receive a truncated body without an exception
(measured, docs/explanation). Every body is therefore read here and compared with Content-Length.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from cunjing.base.errors import ProblemKind


class WholeBodyMiddleware:
    """Compare Content-Length with the bytes that arrived, for every request with a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or ""
        if announced.isdigit() and len(request.body) != int(announced):
            kind = ProblemKind.TRUNCATED.value
            return JsonResponse(
                {
                    "type": f"about:blank#{kind.number}",
                    "title": kind.title,
                    "status": kind.status,
                    "detail": "网络中断，内容没有收全，什么都没有保存。请再发送一次。",
                },
                status=kind.status,
                content_type="application/problem+json",
            )
        return self.get_response(request)
