"""The addresses of the device protocol: bytes in, JSON or lines out (docs/reference)."""

import gzip
from collections.abc import Callable
from functools import wraps
from typing import Annotated, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, Field, ValidationError

from cunjing.accounts.queries import actor_for
from cunjing.api.fields import PLAIN, Strict
from cunjing.api.problems import faults_of, not_allowed, our_fault, problem_response
from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind, invalid
from cunjing.kernel.queries import newest_link
from cunjing.staffing.queries import own_entry
from cunjing.sync.authorization import device_of_header
from cunjing.sync.beacons import BeaconIn, note_beacon
from cunjing.sync.chain import genesis
from cunjing.sync.enrolment import Applicant, enrol, is_withdrawn
from cunjing.sync.header import MOST_PACKED_BYTES, NAME, check_body, read_header, too_large
from cunjing.sync.keys import server_key
from cunjing.sync.models import Device
from cunjing.sync.pulling import PullRequest, answer_pull
from cunjing.sync.receiving import Contact, Received, first_contact, receive_push
from cunjing.sync.schemas import check_schema, newest, oldest
from cunjing.sync.sealing import OVERHEAD, UnreadableSealError, unsealed

PROTOCOL = 1
PACKED = 5
"""How hard answers are packed: beyond this zlib costs more time than it saves on 80 kbit/s."""
WORTH_PACKING = 2048
"""Bytes: the results of a dozen lines. On 200 kbit/s those of 500 take 4 s as they are."""

View = Callable[[HttpRequest], HttpResponse]
Form = TypeVar("Form", bound=BaseModel)


class EnrolIn(Strict):
    """What a phone sends to be bound."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    device_id: UUID
    public_key: Annotated[str, Field(max_length=200)]
    app: Annotated[str, Field(pattern=PLAIN, max_length=40)]
    schema_: Annotated[int, Field(alias="schema", ge=1, le=2**31 - 1)]
    platform: Annotated[str, Field(pattern=PLAIN, max_length=120)]


def _address(method: str) -> Callable[[View], View]:
    """A view for devices: no session, no form to forge, refusals as problem documents."""

    def decorate(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def call(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                return not_allowed(allow=method)
            try:
                return view(request)
            except Problem as problem:
                return problem_response(problem)
            except Exception as error:
                return our_fault(request, error)

        return call

    return decorate


@_address("GET")
def version(request: HttpRequest) -> HttpResponse:
    """What this server speaks."""
    said = {"protocol": PROTOCOL, "schema": {"oldest": oldest(on=today()), "newest": newest()}}
    return JsonResponse({**said, "files": settings.FILES_URL})


@_address("POST")
def enrolment(request: HttpRequest) -> HttpResponse:
    """Bind a phone by its code."""
    form = _form(request, EnrolIn)
    check_schema(form.schema_)
    applicant = Applicant(
        device_id=form.device_id,
        public_key=form.public_key,
        app=form.app,
        schema=form.schema_,
        platform=form.platform,
    )
    enrolled = enrol(code=form.code, applicant=applicant)
    device, key = enrolled.device, server_key()
    staff = own_entry(actor=actor_for(user=device.user))
    answer = {
        "person": {
            "user_id": str(device.user_id),
            "name": device.user.display_name,
            "staff_id": str(staff.pk) if staff else None,
        },
        "server_key": key.public_key,
        "token": enrolled.token,
        "last": 0,
        "head": genesis(device.pk).hex(),
        "witness": newest_link(),
        **_said(first_contact(device=device, key=key)),
    }
    return _json(answer, status=201)


@_address("POST")
def push(request: HttpRequest) -> HttpResponse:
    """Take what a phone recorded."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_PACKED_BYTES:
        raise too_large()
    body, text = request.body, request.headers.get(NAME, "")
    header = read_header(text)
    check_body(header=header, body=body)
    device = _device(request)
    if device.pk != header.device_id:
        raise Problem(ProblemKind.DEVICE_UNKNOWN, "推送头与令牌不是同一台设备，什么都没有保存。")
    received = receive_push(
        device=device, header=header, header_text=text, body=body, key=server_key()
    )
    return _json(_pushed(received))


@_address("POST")
def handover(request: HttpRequest) -> HttpResponse:
    """Take what a withdrawn device had not sent, sealed to the server's key; nothing is applied."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_PACKED_BYTES + OVERHEAD:
        raise too_large()
    sealed, text = request.body, request.headers.get(NAME, "")
    header = read_header(text)
    device = device_of_header(request.headers.get("Authorization", ""), withdrawn=True)
    if device.pk != header.device_id:
        raise Problem(ProblemKind.DEVICE_UNKNOWN, "推送头与令牌不是同一台设备，什么都没有保存。")
    if not is_withdrawn(device):
        raise Problem(ProblemKind.CONFLICT, "这台设备没有停用，请照常同步。")
    key = server_key()
    try:
        body = unsealed(sealed, key=key.private, device_id=device.pk)
    except UnreadableSealError as error:
        detail = "交回的内容打不开，什么都没有保存。请原样再发送一次。"
        raise Problem(ProblemKind.ALTERED, detail) from error
    check_body(header=header, body=body)
    received = receive_push(
        device=device, header=header, header_text=text, body=body, key=key, handed_over=True
    )
    return _json(_pushed(received))


@_address("POST")
def pull(request: HttpRequest) -> HttpResponse:
    """Give a phone what changed in its villages."""
    device = _device(request)
    asked = _form(request, PullRequest)
    lines = answer_pull(device=device, asked=asked, key=server_key())
    response = HttpResponse(
        gzip.compress(lines.encode(), compresslevel=PACKED), content_type="application/x-ndjson"
    )
    response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "no-store"
    return response


@_address("POST")
def beacon(request: HttpRequest) -> HttpResponse:
    """Note that a phone lives and how much of it is not here; says nothing back."""
    device = _device(request)
    note_beacon(device=device, said=_form(request, BeaconIn))
    return HttpResponse(status=204)


@_address("POST")
def unknown(request: HttpRequest) -> HttpResponse:
    """Every other address."""
    raise Problem(ProblemKind.NOT_FOUND, "同步协议没有这个地址，请更新应用。")


def _pushed(received: Received) -> dict[str, object]:
    return {
        "results": received.results,
        "last": received.last,
        "head": received.head,
        **_said(received.contact),
    }


def _device(request: HttpRequest) -> Device:
    return device_of_header(request.headers.get("Authorization", ""))


def _form(request: HttpRequest, form: type[Form]) -> Form:
    try:
        return form.model_validate_json(request.body)
    except ValidationError as error:
        lines = error.errors(include_url=False)
        if any(line["type"] == "json_invalid" for line in lines):
            detail = "请求的内容不是有效的 JSON，什么都没有保存。请更新应用后重发。"
            raise Problem(ProblemKind.BAD_REQUEST, detail) from error
        faults = faults_of([dict(line) for line in lines])
        raise invalid("请求填写有误，什么都没有保存。请更新应用后重发。", *faults) from error


def _said(contact: Contact) -> dict[str, object]:
    return {
        "anchor": contact.anchor.model_dump(),
        "lease_until": contact.lease_until.isoformat(timespec="microseconds"),
    }


def _json(answer: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
    if len(response.content) > WORTH_PACKING:
        response.content = gzip.compress(response.content, compresslevel=PACKED)
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "no-store"
    return response
