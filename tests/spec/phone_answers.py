"""What the phone's verdict stage answers to a spec, written as the spec writes it."""

from tests.spec.answers import Answer, number_text, policy_with, wanted_answer
from tests.spec.reader import Spec
from tests.support.driven_phones import Phones
from tests.support.judging_phones import PARTS, judged

from cunjing.policy.facts import Facts
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import ThresholdShown


def given(phones: Phones, spec: Spec, facts: Facts, *, part: str) -> Answer:
    """What the phones answer, in the columns the spec asks for."""
    found = judged(
        phones,
        policy=policy_with(spec.rule),
        facts=facts,
        period=parse_period(spec.period),
        as_of=spec.as_of,
        part=PARTS[part],
    )
    rows = {}
    for one in found:
        if one["rule"] != spec.rule:
            continue
        texts = {name: one[name] or "" for name in ("subject", "village_code", "staff_id")}
        texts |= {name: number_text(_shown(one[name])) for name in ("value", "threshold", "full")}
        texts["verdict"] = one["verdict"]
        columns = wanted(spec).get(one["subject"], texts)
        rows[one["subject"]] = {name: texts[name] for name in columns}
    return rows


def wanted(spec: Spec) -> Answer:
    """What the spec expects, without the events' ids: the phone has those only of its records."""
    return {
        subject: {name: cell for name, cell in row.items() if name not in {"counted", "rejected"}}
        for subject, row in wanted_answer(spec).items()
    }


def _shown(said: int | list[int] | None) -> ThresholdShown:
    return (said[0], said[1]) if isinstance(said, list) else said
