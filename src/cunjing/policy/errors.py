"""What is wrong with a file someone handed us: where, what was expected, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `row` counts as a person does (a CSV's header is row 1); None = whole file.

    `column` is a column's name in facts and a key's name in a policy (`noun` says which).
    """

    file: str
    row: int | None
    column: str | None
    message: str
    noun: str = "列"

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row is not None else ""
        column = f"“{self.column}”{self.noun}" if self.column is not None else ""
        place = "，".join(part for part in (row, column) if part)
        return f"{self.file}：{place}：{self.message}" if place else f"{self.file}：{self.message}"


class InputError(Exception):
    """Bad facts, a bad policy or a bad request; nothing has been evaluated or written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class RequestError(InputError):
    """A request that makes no sense, such as a rule the policy does not have."""

    def __init__(self, message: str) -> None:
        super().__init__([Finding(file="命令", row=None, column=None, message=message)])
