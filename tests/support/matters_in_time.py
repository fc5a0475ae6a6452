"""A county's own policy about hazards repaired in time, and hazards."""

from datetime import datetime
from pathlib import Path

from tests.support.assessment_factories import AN, uid

from cunjing.matters.models import Matter, MatterKind
from cunjing.policy import loader

OWN = """\
id: own
title: 本县
issuer: 县局
document_number: 〔2026〕1号
issued_on: 2026-01-01
source_digest: "{zeros}"
scope: ["990101"]
time_zone: Asia/Shanghai
calendar: gregorian
minimum_days: {{month: 7, quarter: 30, half_year: 60, year: 90}}
clauses: [{{number: "1", paraphrase: 隐患十天内整改, disposition: executable}}]
rules:
  - id: hazards-in-time
    clause: "1"
    title: 隐患按期整改
    kind: sla
    subject: village
    period: month
    measure: {{kind: matters_overdue, matter: {{kind: hazard}}, within_days: 10}}
    operator: "<="
    threshold: 0
    unit: 件
    message: "{{period}}有{{value}}件隐患超过期限没有整改"
"""


def own_policy(folder: Path) -> Path:
    """A folder of policies with this one, to stand in the place of those shipped."""
    (folder / "policies" / "own").mkdir(parents=True)
    text = OWN.format(zeros="0" * 64)
    (folder / "policies" / "own" / loader.FILE_NAME).write_text(text, encoding="utf-8")
    return folder / "policies"


def hazard(number: int, village: str, opened_at: datetime, **more: object) -> Matter:
    """A hazard An noted."""
    return Matter.objects.create(
        id=uid(number),
        kind=MatterKind.HAZARD,
        subkind="fire",
        village_id=village,
        place="村口",
        summary="线路老化",
        opened_at=opened_at,
        recorded_at=opened_at,
        received_at=opened_at,
        opened_by_id=AN,
        digest="0" * 64,
        **more,
    )
