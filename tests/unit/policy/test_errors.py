"""What is said about something wrong: where, and what."""

import pytest

from cunjing.policy.errors import Finding, InputError, RequestError


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (3, "kind", "events.csv：第3行，“kind”列：不对"),
        (3, None, "events.csv：第3行：不对"),
        (None, "kind", "events.csv：“kind”列：不对"),
        (None, None, "events.csv：不对"),
    ],
)
def test_a_finding_says_as_much_of_its_place_as_is_known(
    row: int | None, column: str | None, said: str
) -> None:
    assert str(Finding("events.csv", row, column, "不对")) == said


def test_a_policys_finding_is_about_a_key() -> None:
    assert str(Finding("policy.yaml", 7, "id", "写了两次", noun="键")) == (
        "policy.yaml：第7行，“id”键：写了两次"
    )


def test_every_finding_has_a_line() -> None:
    findings = [Finding("a.csv", None, None, "一"), Finding("b.csv", None, None, "二")]
    error = InputError(findings)
    assert str(error) == "a.csv：一\nb.csv：二"
    assert error.findings == tuple(findings)


def test_a_request_is_blamed_on_the_command() -> None:
    error = RequestError("写错了")
    assert str(error) == "命令：写错了"
    assert error.findings == (Finding("命令", None, None, "写错了"),)
