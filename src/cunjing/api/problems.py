"""Refusals of the API as problem details (RFC 9457): the one place where they are translated."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, ConfigDict

from cunjing.base.errors import FieldFault, Problem, ProblemKind

CONTENT_TYPE = "application/problem+json"


class FaultOut(BaseModel):
    """One wrong field."""

    field: str
    message: str
    row: int | None = None


class ProblemOut(BaseModel):
    """Problem details: `type` ends in the stable number of the catalogue."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    faults: list[FaultOut] = []


def problem_response(problem: Problem) -> HttpResponse:
    """A `Problem` as problem details."""
    kind = problem.kind.value
    body: dict[str, object] = {
        **problem.data,
        "type": f"about:blank#{kind.number}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
    }
    if problem.faults:
        body["faults"] = [_fault(fault) for fault in problem.faults]
    return JsonResponse(body, status=kind.status, content_type=CONTENT_TYPE)


def translate_problems(api: NinjaAPI) -> None:
    """Register the translation of every refusal on `api`."""

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem_response(error)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [_from_schema(item) for item in error.errors]
        detail = f"{len(faults)} 处填写有误，什么都没有保存。请按 faults 修改后重发。"
        return problem_response(Problem(ProblemKind.INVALID, detail, faults=faults))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        detail = "请在 Authorization 头中带上有效的接口密钥。"
        return problem_response(Problem(ProblemKind.NOT_SIGNED_IN, detail))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem_response(Problem(ProblemKind.NOT_FOUND, "没有这个地址或记录。"))

    @api.exception_handler(HttpError)
    def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        detail = "请求的内容不是有效的 JSON，什么都没有保存。请检查后重发。"
        return problem_response(Problem(ProblemKind.BAD_REQUEST, detail))


def _fault(fault: FieldFault) -> dict[str, object]:
    return {"field": fault.field, "message": fault.message, "row": fault.row}


def _from_schema(item: dict[str, object]) -> FieldFault:
    location: Sequence[object] = item["loc"] if isinstance(item["loc"], list | tuple) else ()
    path = ".".join(str(part) for part in location[1:])
    return FieldFault(field=path, message=_advice(str(item["type"]), str(item["msg"])))


def _advice(kind: str, message: str) -> str:
    advice = {
        "missing": "缺少这一项，请补上。",
        "extra_forbidden": "没有这一项，请去掉或核对名称。",
        "uuid_parsing": "应为 UUID。",
        "uuid_version": "应为 UUIDv7。",
        "enum": "不在可选值之内。",
        "literal_error": "不在可选值之内。",
        "string_too_long": "太长。",
        "string_too_short": "不能为空。",
        "date_from_datetime_parsing": "应为日期，例如 2026-09-01。",
        "date_parsing": "应为日期，例如 2026-09-01。",
        "datetime_parsing": "应为带时区的时间，例如 2026-09-01T09:30:00+08:00。",
        "timezone_aware": "时间必须带时区，例如 +08:00。",
    }
    return advice.get(kind, f"不符合要求（{message}）。")
