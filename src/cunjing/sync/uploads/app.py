"""The ASGI application that takes photos: the tus library behind a gate of ours.

The library neither asks who writes before it writes, nor holds an upload to a length or a digest;
so no request reaches it that the gate has not read, and no path or name of a client's.
"""

import base64
import hashlib
import logging
import re
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tuspyserver import create_tus_router

from cunjing.api.problems import CONTENT_TYPE, problem_body
from cunjing.base.errors import Problem, ProblemKind, invalid, not_found
from cunjing.photos.rules import MOST_BYTES
from cunjing.sync.authorization import device_of_header
from cunjing.sync.uploads.promises import Promise, finish, promise_of
from cunjing.sync.uploads.storage import UploadFolder
from cunjing.sync.uploads.turns import Turns, while_it_lasts

ROOT = "/sync/v1/files"
VERSION = "1.0.0"
KEEP_DAYS = 14
IDLE_SECONDS = 20.0
"""A request that brings nothing for so long counts as cut."""

_INSIDE = "/uploads"
_SAID = (
    "Location, Upload-Offset, Upload-Length, Upload-Expires, Tus-Resumable, Tus-Version, "
    "Tus-Extension, Tus-Max-Size"
)
_TAKEN = (
    "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset, "
    "X-Requested-With"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Doors of the library that nobody here uses, each a way around the gate.
_CLOSED = ("x-http-method-override", "upload-concat", "upload-defer-length", "transfer-encoding")
_KINDS = {404: ProblemKind.NOT_FOUND, 409: ProblemKind.CONFLICT, 413: ProblemKind.TOO_LARGE}

log = logging.getLogger(__name__)
_promise: ContextVar[Promise] = ContextVar("promise")


def files_application(folder: Path) -> ASGIApp:
    """The application, with its uploads in `folder`. One process: its locks are its own."""
    storage = UploadFolder(folder)

    async def finished(_path: str, _metadata: dict[str, str]) -> None:
        await _finish(storage, _promise.get())

    async def naming() -> Any:
        return lambda metadata: {"uid": metadata["filename"]} if metadata else None

    # Typed by the library as if it did not wait for them; it does.
    complete: Any = finished
    named: Any = naming

    inside = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    inside.include_router(
        create_tus_router(
            prefix=_INSIDE.strip("/"),
            files_dir=str(folder),
            max_size=MOST_BYTES,
            days_to_keep=KEEP_DAYS,
            on_upload_complete=complete,
            file_dep=named,
            storage=storage,
        )
    )
    inside.add_exception_handler(Problem, _refused)
    inside.add_exception_handler(HTTPException, _refused)
    inside.add_exception_handler(RequestValidationError, _refused)
    return Gate(inside, storage=storage)


class Gate:
    """Lets a device create, ask for and continue uploads of what it promised, and nothing else."""

    def __init__(self, inside: ASGIApp, *, storage: UploadFolder) -> None:
        self._inside = inside
        self._storage = storage
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        request = Request(scope, receive)
        say = _telling_origin(request.headers, send)
        try:
            answer = await self._answer(request, say)
        except Problem as problem:
            answer = await _refused(request, problem)
        except Exception:
            log.exception("%s %s", request.method, scope["path"])
            answer = JSONResponse(
                {"type": "about:blank#50001", "title": "系统出错", "status": 500,
                 "detail": "系统出错，已记入日志。请稍后再发送。"},
                status_code=500, media_type=CONTENT_TYPE,
            )  # fmt: skip
        if answer is not None:
            await answer(scope, receive, say)

    async def _answer(self, request: Request, say: Send) -> Response | None:
        """The answer, or None where the library gave it."""
        method, headers = request.method, request.headers
        if method == "OPTIONS":
            return _capabilities()
        sha256 = _asked_for(request)
        if any(name in headers for name in _CLOSED):
            raise Problem(ProblemKind.BAD_REQUEST, "上传的请求里有不支持的内容，请更新应用。")
        promise = await _with_database(_promised, headers.get("authorization", ""), sha256)
        uid = _uid(promise)
        if method == "POST":
            _check_creation(headers, promise=promise)
            if promise.kept:
                return _standing(promise, status=201)
        elif promise.kept or await self._finished(promise, uid=uid):
            return _standing(promise, status=200 if method == "HEAD" else 409)
        elif method == "PATCH" and not headers.get("content-length", "").isdecimal():
            raise Problem(ProblemKind.BAD_REQUEST, "请求没有写明长度（Content-Length）。")
        _promise.set(promise)
        with self._turns.taken(uid) as over:
            if method == "HEAD":
                await self._storage.left_alone(uid)
            await self._inside(
                _inside_scope(request.scope, promise=promise, uid=uid),
                while_it_lasts(request.receive, over, idle_seconds=IDLE_SECONDS),
                _from_outside(say, promise=promise),
            )
        return None

    async def _finished(self, promise: Promise, *, uid: str) -> bool:
        """Whether all bytes are here: a crash may have come between the last one and the end."""
        if await self._storage.size(uid) != promise.length:
            return False
        await _finish(self._storage, promise)
        return True


def _promised(authorization: str, sha256: str) -> Promise:
    device = device_of_header(authorization, withdrawn=True)
    return promise_of(device=device, sha256=sha256)


async def _finish(storage: UploadFolder, promise: Promise) -> None:
    """Hand over what arrived. A refused content is not kept; one we failed with stays."""
    uid = _uid(promise)
    content = await storage.read(uid)
    try:
        await _with_database(_handed_over, promise, content or b"")
    except Problem:
        await storage.delete(uid)
        raise
    await storage.delete(uid)


def _handed_over(promise: Promise, content: bytes) -> None:
    finish(promise=promise, content=content)


async def _with_database(act: Any, *values: Any) -> Any:
    def call() -> Any:
        _close_stale()
        try:
            return act(*values)
        finally:
            _close_stale()

    return await sync_to_async(call)()


def _close_stale() -> None:
    """Let go of connections that broke or grew old, as Django does around a request of its own."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _asked_for(request: Request) -> str:
    """The digest a request is about. Raises 40401 for every other address and method."""
    path, method = request.scope["path"], request.method
    if method == "POST" and path.rstrip("/") == ROOT:
        name = _metadata(request.headers.get("upload-metadata", "")).get("sha256", "")
    elif method in {"HEAD", "PATCH"} and path.startswith(f"{ROOT}/"):
        name = path.removeprefix(f"{ROOT}/")
    else:
        raise not_found("照片上传没有这个地址，请更新应用。")
    if not _DIGEST.fullmatch(name):
        raise not_found("照片上传没有这个地址，请更新应用。")
    return name


def _metadata(said: str) -> dict[str, str]:
    found = {}
    for part in said.split(","):
        key, _, value = part.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except ValueError:
            continue
    return found


def _check_creation(headers: Headers, *, promise: Promise) -> None:
    if headers.get("content-length", "0") != "0":
        raise Problem(ProblemKind.BAD_REQUEST, "请先登记上传，再发送内容。请更新应用。")
    if headers.get("upload-length", "") != str(promise.length):
        raise invalid(f"登记的照片有 {promise.length} 字节，与这次要发送的长度不同。")


def _uid(promise: Promise) -> str:
    """The name of an upload inside: that of this device's content, told to nobody."""
    return hashlib.sha256(f"{promise.device.pk}/{promise.sha256}".encode()).hexdigest()[:32]


def _inside_scope(scope: Scope, *, promise: Promise, uid: str) -> Scope:
    """The request as the library gets it: names of ours, no metadata of the client's."""
    path = _INSIDE if scope["method"] == "POST" else f"{_INSIDE}/{uid}"
    named = {"filename": uid, "filetype": "image/jpeg", "sha256": promise.sha256}
    said = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in named.items()
    )
    kept = [
        (key, value)
        for key, value in scope["headers"]
        if key.lower() not in {b"upload-metadata", b"upload-length"}
    ]
    own = [(b"upload-metadata", said.encode()), (b"upload-length", b"%d" % promise.length)]
    return {
        **scope, "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [*kept, *own],
    }  # fmt: skip


def _from_outside(send: Send, *, promise: Promise) -> Send:
    """Answers with the address the client knows."""

    async def call(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "location" in headers:
                headers["Location"] = f"{ROOT}/{promise.sha256}"
            headers["Upload-Length"] = str(promise.length)
            if "upload-metadata" in headers:
                del headers["Upload-Metadata"]
        await send(message)

    return call


def _telling_origin(headers: Headers, send: Send) -> Send:
    """Answers that a page of ours may read, should uploads have an address of their own.

    No cookie is looked at here: what a page of another origin lacks is the device's token.
    """
    origin = headers.get("origin", "")
    if not origin or urlsplit(origin).hostname not in settings.ALLOWED_HOSTS:
        return send

    async def call(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = MutableHeaders(scope=message)
            said["Access-Control-Allow-Origin"] = origin
            said["Access-Control-Expose-Headers"] = _SAID
            said["Vary"] = "Origin"
        await send(message)

    return call


def _capabilities() -> Response:
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration",
        "Tus-Max-Size": str(MOST_BYTES),
        "Access-Control-Allow-Methods": "POST, HEAD, PATCH, OPTIONS",
        "Access-Control-Allow-Headers": _TAKEN,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def _standing(promise: Promise, *, status: int) -> Response:
    """All of it is here."""
    headers = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(promise.length),
        "Upload-Length": str(promise.length),
        "Cache-Control": "no-store",
    }
    if status == 201:
        headers["Location"] = f"{ROOT}/{promise.sha256}"
    return Response(status_code=status, headers=headers)


async def _refused(request: Request, error: Exception) -> Response:
    """A refusal of ours or of the library as a problem document."""
    if isinstance(error, Problem):
        body, status = problem_body(error), error.status
    else:
        status = error.status_code if isinstance(error, HTTPException) else 400
        problem = Problem(_KINDS.get(status, ProblemKind.BAD_REQUEST), "上传没有成功，请重试。")
        body = {**problem_body(problem), "status": status}
    headers = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return JSONResponse(body, status_code=status, media_type=CONTENT_TYPE, headers=headers)
