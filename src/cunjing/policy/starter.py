"""The file `policy new` hands out: a county's own policy, built on a shipped one."""

from cunjing.policy.loader import SHIPPED

TEMPLATE = SHIPPED / "template.yaml"
"""A sound policy whose comments say what a county may change."""

STARTER = TEMPLATE.read_text(encoding="utf-8")
