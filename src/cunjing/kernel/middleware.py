"""A body cut short, or too large, is refused before any view reads it.

Under granian-WSGI and gunicorn a Django view can receive a truncated body without an exception
(measured, docs/explanation). Every body is therefore read here, into memory or a temporary file,
and compared with Content-Length; only a whole one reaches the views.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from cunjing.base.errors import Problem, ProblemKind

PIECE = 64 * 1024
MEGABYTE = 1024 * 1024
# A browser shows our answer only after it has sent its body: this much of a refused one is read and
# thrown away, at most this long.
DRAIN_BYTES = 100 * MEGABYTE
DRAIN_SECONDS = 20.0


class WholeBodyMiddleware:
    """Let a request pass only when its body arrived whole and fits the limit of the settings.

    `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes bound every body, uploaded files among them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request, WSGIRequest):
            raise TypeError("the product is served by WSGI only")
        try:
            spooled = _whole_body(request)
        except Problem as problem:
            return _refusal(request, problem=problem)
        if spooled is None:
            return self.get_response(request)
        with spooled:
            return self.get_response(request)


def _whole_body(request: WSGIRequest) -> BinaryIO | None:
    """Read the body and put it back as a stream that cannot break; None where there is no body."""
    length = _announced(request)
    if length == 0:
        return None
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if length > limit:
        _drain(request)
        raise Problem(
            ProblemKind.TOO_LARGE,
            f"内容有 {_megabytes(length)} MB，超过 {_megabytes(limit)} MB 的上限，什么都没有保存。"
            "请拆分成几份再提交。",
        )
    # Closed by the caller after the response, or here when the body is not whole.
    spooled = cast(
        "BinaryIO",
        SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE),  # noqa: SIM115
    )
    try:
        _copy(request, into=spooled, length=length)
    except Problem:
        spooled.close()
        raise
    # Django offers no public way to hand a request its body again; its own handler sets these two.
    request._stream = spooled
    request._read_started = False  # type: ignore[attr-defined]
    return spooled


def _announced(request: WSGIRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            raise Problem(
                ProblemKind.BAD_REQUEST,
                "请求没有写明长度（Content-Length），无法确认内容是否收全，什么都没有保存。"
                "请改用写明长度的方式发送。",
            )
        return 0
    if not (announced.isascii() and announced.isdigit()):
        raise Problem(
            ProblemKind.BAD_REQUEST, "请求的长度（Content-Length）不是数字，什么都没有保存。"
        )
    return int(announced)


def _copy(request: WSGIRequest, *, into: BinaryIO, length: int) -> None:
    arrived = 0
    with suppress(OSError):  # a connection that broke: the count below tells
        while arrived < length and (piece := request.read(min(PIECE, length - arrived))):
            into.write(piece)
            arrived += len(piece)
    if arrived != length:
        raise Problem(
            ProblemKind.TRUNCATED, "网络中断，内容没有收全，什么都没有保存。请再发送一次。"
        )
    into.seek(0)


def _drain(request: WSGIRequest) -> None:
    left, until = DRAIN_BYTES, time.monotonic() + DRAIN_SECONDS
    with suppress(OSError):
        while left > 0 and time.monotonic() < until and (piece := request.read(PIECE)):
            left -= len(piece)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"


def _refusal(request: HttpRequest, *, problem: Problem) -> HttpResponse:
    """A page for a browser; a problem document (RFC 9457) for programs and for htmx."""
    kind = problem.kind.value
    browser = "text/html" in request.headers.get("Accept", "")
    if browser and not request.path.startswith("/api/") and "HX-Request" not in request.headers:
        context = {"kind": kind, "detail": problem.detail}
        return render(request, "kernel/refused.html", context, status=kind.status)
    return JsonResponse(
        {
            "type": f"about:blank#{kind.number}",
            "title": kind.title,
            "status": kind.status,
            "detail": problem.detail,
        },
        status=kind.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
