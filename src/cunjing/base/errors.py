"""The numbered catalogue of problems.

Domains raise `Problem`; one middleware (pages) and one handler (API) translate it. The number is
stable and may be quoted on the telephone; title and detail are Chinese and say what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue: stable number, HTTP status, Chinese title."""

    number: int
    status: int
    title: str


class ProblemKind(Enum):
    """Every problem a person or a client can meet. The first three digits are the HTTP status."""

    BAD_REQUEST = Kind(40001, 400, "请求无法读取")
    TRUNCATED = Kind(40002, 400, "内容没有收全")
    ALTERED = Kind(40003, 400, "内容与校验值不符")
    WRONG_SIGNATURE = Kind(40004, 400, "签名不符")
    NOT_SIGNED_IN = Kind(40101, 401, "请先登录")
    DEVICE_UNKNOWN = Kind(40102, 401, "设备没有绑定")
    DEVICE_REVOKED = Kind(40103, 401, "设备已停用")
    FORBIDDEN = Kind(40301, 403, "没有这项权限")
    CODE_REFUSED = Kind(40302, 403, "绑定码无效")
    DEVICE_TAKEN = Kind(40303, 403, "设备编号已被占用")
    NOT_FOUND = Kind(40401, 404, "没有找到")
    CONFLICT = Kind(40901, 409, "与已有内容冲突")
    UPGRADE = Kind(40902, 409, "需要更新应用")
    GAP = Kind(40903, 409, "中间缺少记录")
    FORK = Kind(40904, 409, "设备的记录前后不一致")
    TOO_LARGE = Kind(41301, 413, "文件太大")
    UNREADABLE_FILE = Kind(41501, 415, "文件读不出来")
    INVALID = Kind(42201, 422, "填写有误")
    TOO_MANY_TRIES = Kind(42901, 429, "尝试次数过多")


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field: `field` is its name in code, `message` Chinese advice.

    `row` counts as a person counts in a sheet (header = 1); None outside sheets.
    `column` is the Chinese header, empty outside sheets.
    """

    field: str
    message: str
    row: int | None = None
    column: str = ""


class Problem(Exception):
    """A refusal with a reason a person can read.

    `detail` is one Chinese sentence that says what happened and what to do; `faults` name fields.
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        *,
        faults: Sequence[FieldFault] = (),
        data: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)
        self.data = dict(data or {})

    @property
    def status(self) -> int:
        """HTTP status of this problem."""
        return self.kind.value.status


def invalid(detail: str, *faults: FieldFault) -> Problem:
    """Input that cannot be accepted (42201)."""
    return Problem(ProblemKind.INVALID, detail, faults=faults)


def not_found(detail: str = "没有这条记录，或者不在您的辖区内。") -> Problem:
    """A record that is not there for this reader (40401): strangers learn nothing more."""
    return Problem(ProblemKind.NOT_FOUND, detail)


def forbidden(reason: str) -> Problem:
    """A right the reader lacks (40301). `reason` is also the tooltip of the disabled button."""
    return Problem(ProblemKind.FORBIDDEN, reason)


def conflict(detail: str, **data: object) -> Problem:
    """Content that contradicts what is stored (40901)."""
    return Problem(ProblemKind.CONFLICT, detail, data=data)
