"""Rules measured together: those of one kind of subject and one class of measure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from cunjing.policy.model import Rule
from cunjing.policy.spark.events import Events
from cunjing.policy.spark.functions import digest
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.groups import Trees
from cunjing.policy.spark.views import Row

SUBJECT = ("rule_id", "subject", "village_code", "staff_id", "available")
EVIDENCE = ("value", "evidence_count", "evidence_digest", "ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`subjects` are the rows these rules have (columns SUBJECT); `name` is the part's own."""

    name: str
    rules: Sequence[Rule]
    subjects: ir.Table
    ground: Ground
    trees: Trees
    events: Events

    def asked(
        self,
        schema: Mapping[str, str],
        cells: Callable[[Rule, Any], Row | Sequence[Row]],
        *,
        name: str = "rule",
    ) -> ir.Table:
        """What the rules' measures say, as rows: `schema` with asked_id, the rule's id."""
        rows: list[Row] = []
        for rule in self.rules:
            found = cells(rule, rule.measure)
            rows += [
                {"asked_id": rule.id, **row}
                for row in (found if isinstance(found, Sequence) else [found])
            ]
        return self.ground.views.rows(f"{self.name}_{name}", {"asked_id": "string", **schema}, rows)

    def subjects_with(self, asked: ir.Table) -> ir.Table:
        """The subjects, each with the rows its rule has in `asked`."""
        return self.subjects.inner_join(asked, self.subjects.rule_id == asked.asked_id)

    def with_found(self, found: ir.Table) -> ir.Table:
        """The subjects with value and ids from `found` (of_rule, of_subject, value, ids); 0 and
        null for those it does not have."""
        subjects = self.subjects
        joined = subjects.left_join(
            found, [subjects.rule_id == found.of_rule, subjects.subject == found.of_subject]
        )
        return joined.select(
            *SUBJECT,
            "ids",
            value=joined.value.fill_null(0),
        )


def with_evidence(measured: ir.Table) -> ir.Table:
    """The columns SUBJECT and EVIDENCE of a table that has value and ids (null: none)."""
    return measured.select(
        *SUBJECT,
        value=measured.value.cast("int64"),
        evidence_count=measured.ids.length().fill_null(0).cast("int64"),
        evidence_digest=digest(measured.ids),
        ids="ids",
    )
