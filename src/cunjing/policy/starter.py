"""The file `policy new` hands out: a county's own policy, built on a shipped one."""

from collections.abc import Iterator
from pathlib import Path

from cunjing.policy.decode import Decoder, compose, line_of
from cunjing.policy.errors import Finding
from cunjing.policy.loader import SHIPPED, load_policy
from cunjing.policy.model import Policy

TEMPLATE = SHIPPED / "template.yaml"
"""A sound policy whose comments say what a county may change."""

STARTER = TEMPLATE.read_text(encoding="utf-8")

_TO_FILL = {
    "document_number": "还没有填，请写文件的文号",
    "source_digest": "还没有填，请写原文文件的 SHA-256（运行 sha256sum 原文文件）",
    "scope": "还没有填，请写本县的区划代码",
}
"""Keys for which the template can only hold the place: what to write."""


def still_to_fill(path: Path, policy: Policy) -> Iterator[Finding]:
    """Every key of a file that still says what the template says in its place."""
    blank = load_policy(str(TEMPLATE))
    written = Decoder().pairs(compose(path), None)
    for key, message in _TO_FILL.items():
        if key in written and getattr(policy, key) == getattr(blank, key):
            yield Finding(str(path), line_of(written[key][0]), key, message, noun="键")
