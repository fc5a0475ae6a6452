"""Faults sown by hand in the phone's verdict stage, as it stands in the bundle that Node runs."""

from typing import NamedTuple


class PhoneFault(NamedTuple):
    """`old`, which stands in the bundle once, becomes `new`.

    `why` says what is wrong then; `spec`, as `FILE: TITLE`, which spec is answered wrongly where
    the work stands as `part` says (see `tests.support.judging_phones`).
    """

    old: str
    new: str
    why: str
    spec: str
    part: str = "all_sent"


_FITS = "credit_posting: what fits is counted: kind, village, staff, posting and period"
_REJECTED = "credit_posting: rejected events carry the first reason that holds"
_MIDNIGHT = "verdicts: it is over at 00:00 in Shanghai of the next day"
_SYNC = "verdicts: with no sync table nobody is unknown; in one, who is missing never synced"
_LEAST = "prorating: six available days are exempt, seven are not"
_DAYS = "tally: distinct days: two visits on a day are one day"
_VOID = "credit_posting: void counts from voided_at, and from the start when that is not known"
_LOGS = "tally: completeness: credited events lacking the thing, at most none"

PHONE_FAULTS = (
    PhoneFault(
        "full * period.available + days - 1", "full * period.available",
        "A lowered threshold is rounded up.",
        "prorating: the threshold is rounded up: 15 of 30 days halve it, 16 do not",
    ),
    PhoneFault(
        "period.available < least", "period.available <= least",
        "The minimum of days is enough.", _LEAST,
    ),
    PhoneFault(
        "least = table.minimum_days[period.kind]", "least = table.minimum_days.month",
        "Each kind of period has a minimum of its own.",
        "prorating: the minimum of a quarter is 30 days",
    ),
    PhoneFault(
        'verdict: exempt ? "exempt" : judge(', "verdict: judge(",
        "Exempt comes before everything else.",
        "prorating: an exempt posting is exempt even where it would pass",
    ),
    PhoneFault(
        "at < startOf(plusDays(", "at <= startOf(plusDays(",
        "A period is over at the beginning of the next day.", _MIDNIGHT,
    ),
    PhoneFault(
        "plusDays(period.to, rule.grace_days)", "period.to",
        "Days of grace put off the end.",
        "verdicts: with days of grace it is over later, and what is done then does not count",
    ),
    PhoneFault(
        "* DAY_MS - OFFSET_MS", "* DAY_MS",
        "A day begins in Shanghai.", _MIDNIGHT,
    ),
    PhoneFault(
        'rule.operator === ">=" && at <', "at <",
        "What must not be is missed at once.",
        "verdicts: only `>=` rules can be not due",
    ),
    PhoneFault(
        "value === null || unheard(", "unheard(",
        "Where a datum is missing nothing is known.", "state: home village the same",
    ),
    PhoneFault(
        ") < startOf(period.to)", ") <= startOf(period.to)",
        "Synced at the period's end has synced.", _SYNC,
    ),
    PhoneFault(
        "rule.event === null || !standing.sync_kept", "rule.event === null",
        "Where nobody keeps account of what arrived, nobody is waited for.", _DAYS,
    ),
    PhoneFault(
        "unsent.synced ?? -Infinity", "-Infinity",
        "What is confirmed here arrives with the rest.", _SYNC, "nothing_sent",
    ),
    PhoneFault(
        "rule.as_a_rule || rule.advice_above", "rule.advice_above",
        "What a document words as a rule is advice.",
        "verdicts: a rule worded as a rule advises",
    ),
    PhoneFault(
        'case "distinct_days": return days.length', 'case "distinct_days": return state.n',
        "Two visits on a day are one day.", _DAYS,
    ),
    PhoneFault(
        "Object.keys(state.objects ?? {}).length", "state.n",
        "A household twice is one household.",
        "tally: distinct objects: a household twice is one household, an unnamed one is none",
    ),
    PhoneFault(
        "half_month: [1, 16]", "half_month: [1, 15]",
        "The 15th belongs to the first half.",
        "tally: half months: the 15th belongs to the first, the 16th to the second",
    ),
    PhoneFault(
        "11,\n\t\t21", "11,\n\t\t22",
        "The last ten days begin on the 21st.",
        "tally: ten days: 1 to 10, 11 to 20, 21 to the end",
    ),
    PhoneFault(
        "value >= threshold", "value > threshold",
        "Enough is what is asked for.", _FITS,
    ),
    PhoneFault(
        "return value <= threshold", "return value < threshold",
        "The most is allowed.", _LOGS,
    ),
    PhoneFault(
        "(to === null || day < to)", "(to === null || day <= to)",
        "An end is exclusive.",
        "tally: and a new one from its first day on",
    ),
    PhoneFault(
        "(from === null || from <= day)", "(from === null || from < day)",
        "A beginning is inclusive.",
        "tally: and a new one from its first day on",
    ),
    PhoneFault(
        "holdsOn(period.from, period.to, work.local_date)", "true",
        "Work of another month counts there.", _FITS, "nothing_sent",
    ),
    PhoneFault(
        "work.village_code === standing.village", "true",
        "Work in another village counts there.", _REJECTED, "nothing_sent",
    ),
    PhoneFault(
        "holdsOn(standing.valid_from, standing.valid_to, work.local_date)", "true",
        "Work before the posting is not the posting's.", _REJECTED, "nothing_sent",
    ),
    PhoneFault(
        "work.kind === kind &&", "true &&",
        "Work of another kind counts elsewhere.", _FITS, "nothing_sent",
    ),
    PhoneFault(
        "subkinds.length === 0 || subkinds.includes(subkind)", "true",
        "Only what the rule names will do.",
        "credit_posting: one of the rule's subkinds will do, no subkind will not", "nothing_sent",
    ),
    PhoneFault(
        "moved(rule, so, work, -1)", "so",
        "What is taken back counts no more.", _VOID, "not_yet_taken_back",
    ),
    PhoneFault(
        "moved(rule, so, work, 1)", "so",
        "What is not sent counts all the same.", _FITS, "every_other_sent",
    ),
    PhoneFault(
        "(lacks ? by : 0)", "by",
        "A visit with a log lacks nothing.", _LOGS, "nothing_sent",
    ),
    PhoneFault(
        "if (name === null) return before;", "",
        "An unnamed household is none.",
        "tally: distinct objects: a household twice is one household, an unnamed one is none",
        "nothing_sent",
    ),
)  # fmt: skip
