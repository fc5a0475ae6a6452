"""Refusals of the API as problem details (RFC 9457): the one place where they are translated."""

import logging
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, ConfigDict

from cunjing.base.errors import FieldFault, Kind, Problem, ProblemKind
from cunjing.base.errors import not_found as missing

CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="cunjing"'
NOT_ALLOWED = Kind(40501, 405, "不支持这种操作")
OUR_FAULT = Kind(50001, 500, "系统出错")

Handler = Callable[[HttpRequest, Exception | type[Exception]], HttpResponse]

log = logging.getLogger("django.request")


class FaultOut(BaseModel):
    """One wrong field; `field` is its path in the body, for example `calls.0.household_id`."""

    field: str
    message: str
    row: int | None = None


class ProblemOut(BaseModel):
    """Problem details: `type` ends in the stable number of the catalogue.

    A conflict may carry more: `latest` names the record to correct instead, `stored`, `yours` and
    `version` say what an edit collided with.
    """

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    faults: list[FaultOut] = []


READ_REFUSALS = dict.fromkeys((400, 401, 403, 404, 422), ProblemOut)
WRITE_REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), ProblemOut)


def problem_body(problem: Problem) -> dict[str, object]:
    """A `Problem` as a problem document."""
    body = {**problem.data, **_document(problem.kind.value, detail=problem.detail)}
    if problem.faults:
        body["faults"] = [_fault(fault) for fault in problem.faults]
    return body


def problem_response(problem: Problem) -> HttpResponse:
    """A `Problem` as the answer to a request."""
    response = _answer(problem.status, problem_body(problem))
    if problem.kind is ProblemKind.NOT_SIGNED_IN:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def not_allowed(*, allow: str) -> HttpResponse:
    """The answer to a method an address does not know."""
    detail = f"这个地址只接受 {allow}。"
    response = _answer(NOT_ALLOWED.status, _document(NOT_ALLOWED, detail=detail))
    response["Allow"] = allow
    return response


def unknown_address(request: HttpRequest) -> HttpResponse:
    """The answer under an address the API does not have."""
    return problem_response(missing("接口没有这个地址，请核对文档 openapi.json。"))


def translate_problems(api: NinjaAPI) -> None:
    """Register the translation of every refusal on `api`."""
    handlers: Mapping[type[Exception], Handler] = {
        Problem: _problem,
        ValidationError: _invalid,
        AuthenticationError: _not_signed_in,
        HttpError: _unreadable,
        BadRequest: _unreadable,
        SuspiciousOperation: _unreadable,
        Exception: our_fault,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def faults_of(errors: Sequence[Mapping[str, object]], *, skip: int = 0) -> list[FieldFault]:
    """What a schema found wrong; the first `skip` parts of each place are left out."""
    return [_from_schema(item, skip=skip) for item in errors]


def _problem(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problem_response(error) if isinstance(error, Problem) else our_fault(request, error)


def _invalid(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    # Ninja puts the source and the parameter's name before the field's own place.
    found = error.errors if isinstance(error, ValidationError) else []
    faults = [fault for item in found for fault in faults_of([item], skip=_foreign(item))]
    detail = f"{len(faults)} 处填写有误，什么都没有保存。请按 faults 修改后重发。"
    return problem_response(Problem(ProblemKind.INVALID, detail, faults=faults))


def _foreign(item: Mapping[str, object]) -> int:
    place = item["loc"]
    parts = len(place) if isinstance(place, Sequence) else 0
    return 1 if isinstance(place, Sequence) and place[0] == "path" else min(2, parts)


def _not_signed_in(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    detail = "请在 Authorization 头中带上有效的接口密钥。"
    return problem_response(Problem(ProblemKind.NOT_SIGNED_IN, detail))


def _unreadable(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    detail = "请求的内容不是有效的 JSON，什么都没有保存。请检查后重发。"
    return problem_response(Problem(ProblemKind.BAD_REQUEST, detail))


def our_fault(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer where we failed; the log has the exception."""
    # Ninja hands over the exception itself; the class only stands in the type of its handlers.
    raised = error if isinstance(error, Exception) else None
    log.error("%s %s", request.method, request.path, exc_info=raised)
    detail = "系统出错，已记入日志。请稍后用同一编号重发；反复出现请联系维护人员。"
    return _answer(OUR_FAULT.status, _document(OUR_FAULT, detail=detail))


def _document(kind: Kind, *, detail: str) -> dict[str, object]:
    return {
        "type": f"about:blank#{kind.number}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
    }


def _answer(status: int, body: Mapping[str, object]) -> HttpResponse:
    return JsonResponse(
        body,
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def _fault(fault: FieldFault) -> dict[str, object]:
    return {"field": fault.field, "message": fault.message, "row": fault.row}


def _from_schema(item: Mapping[str, object], *, skip: int) -> FieldFault:
    place = item["loc"]
    parts = place[skip:] if isinstance(place, list | tuple) else ()
    message = _advice(str(item["type"]), str(item["msg"]))
    return FieldFault(field=".".join(str(part) for part in parts), message=message)


_ADVICE = {
    "missing": "缺少这一项，请补上。",
    "extra_forbidden": "没有这一项，请去掉或核对名称。",
    "uuid_parsing": "应为 UUID。",
    "uuid_type": "应为 UUID。",
    "enum": "不在可选值之内。",
    "literal_error": "不在可选值之内。",
    "string_type": "应为文字。",
    "string_too_long": "太长。",
    "string_too_short": "不能为空。",
    "string_pattern_mismatch": "格式不对，请核对位数和字符。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "too_long": "一次太多，请分几次发送。",
    "too_short": "至少要有一条。",
    "date_from_datetime_parsing": "应为日期，例如 2026-09-01。",
    "date_parsing": "应为日期，例如 2026-09-01。",
    "datetime_parsing": "应为带时区的时间，例如 2026-09-01T09:30:00+08:00。",
    "datetime_from_date_parsing": "应为带时区的时间，例如 2026-09-01T09:30:00+08:00。",
    "timezone_aware": "时间必须带时区，例如 +08:00。",
}


def _advice(kind: str, message: str) -> str:
    if kind.startswith("advice_"):
        return message
    return _ADVICE.get(kind, f"不符合要求（{message}）。")
