"""Refusals of files, in the words a person needs to mend them."""

from cunjing.base.errors import Problem, ProblemKind
from cunjing.documents.sheets import MEGABYTE


def too_large(*, max_bytes: int) -> Problem:
    """The file has more bytes than allowed; it was not read."""
    allowed = f"{max_bytes / MEGABYTE:g} MB" if max_bytes >= MEGABYTE else f"{max_bytes} 字节"
    return Problem(
        ProblemKind.TOO_LARGE,
        f"文件超过{allowed}，没有读取。请删去图片和多余的工作表，或分成几个文件。",
    )


def bomb() -> Problem:
    """The file unpacks to more than allowed."""
    return Problem(
        ProblemKind.TOO_LARGE,
        "文件展开后异常庞大，已停止读取。请新建工作簿，只粘贴需要的行，再保存上传。",
    )


def too_many_rows(*, max_rows: int) -> Problem:
    """More rows than one upload may have."""
    return Problem(
        ProblemKind.TOO_LARGE, f"超过{max_rows}行，没有读取。请分成几个文件，每个不超过这个行数。"
    )


def too_many_columns(*, max_columns: int) -> Problem:
    """Content far to the right of any template."""
    return Problem(
        ProblemKind.TOO_LARGE, f"第{max_columns}列之后还有内容，没有读取。请删去多余的列再上传。"
    )


def unreadable(detail: str) -> Problem:
    """The file is no sheet we can read."""
    return Problem(ProblemKind.UNREADABLE_FILE, detail)


def damaged() -> Problem:
    """An xlsx that is cut short or broken."""
    return unreadable("文件不完整或已损坏，什么都没有导入。请重新另存为 .xlsx 后再上传。")
