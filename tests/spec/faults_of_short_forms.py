"""Faults in the short form of crediting and adding up, where that is enough."""

from tests.spec.fault import Fault

FITS = "credit_posting: what fits is counted: kind, village, staff, posting and period"
REASONS = "credit_posting: rejected events carry the first reason that holds"
OTHERS = "credit_posting: what is credited to another posting is not rejected here"
LATE = "credit_posting: late: received_at, else occurred_at, else 00:00 of the date in Shanghai"
VOID = "credit_posting: void counts from voided_at, and from the start when that is not known"
HOMES = "tally: distinct objects: a household twice is one household, an unnamed one is none"
HALVES = "tally: half months: the 15th belongs to the first, the 16th to the second"
DAYS = "tally: distinct days: two visits on a day are one day"

FAULTS = (
    Fault(
        "events",
        "plain",
        "AND p.staff_id = e.staff_id",
        "",
        "In short, too, another person's visit is not credited.",
        FITS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "ON p.village_code = e.village_code\n    AND",
        "ON",
        "In short, too, a visit to another village is not credited.",
        OTHERS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "AND e.local_date < p.open_to",
        "AND e.local_date <= p.open_to",
        "In short, too, nothing is credited on the day after the posting.",
        REASONS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "AND e.local_date >= p.valid_from",
        "AND e.local_date > p.valid_from",
        "In short, too, work is credited on the first day of the posting.",
        REASONS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "local_date < getvariable('p_to')",
        "local_date <= getvariable('p_to')",
        "In short, too, the day after the period is not in it.",
        FITS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "WHERE local_date >= getvariable('p_from')",
        "WHERE local_date > getvariable('p_from')",
        "In short, too, the first day is in the period.",
        FITS,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "OR received_at > getvariable('as_of')",
        "",
        "In short, too, what is late does not count yet.",
        LATE,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "received_at > getvariable('as_of')",
        "received_at >= getvariable('as_of')",
        "In short, too, what came at the watermark counts.",
        LATE,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "voided_at <= getvariable('as_of')",
        "voided_at < getvariable('as_of')",
        "In short, too, what was voided at the watermark is void.",
        VOID,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "voided_at IS NULL OR",
        "",
        "In short, too, void without a time is void from the start.",
        VOID,
        "plain",
    ),
    Fault(
        "events",
        "plain",
        "(day(local_date) - 1)",
        "day(local_date)",
        "In short, too, bit 0 is the first of the month.",
        HALVES,
        "plain",
    ),
    Fault(
        "state",
        "make_plain",
        "bit_or(day_bit)",
        "bit_xor(day_bit)",
        "In short, too, two visits on a day are one day.",
        DAYS,
        "plain",
    ),
    Fault(
        "state",
        "make_plain",
        "coalesce(bit_count(bits), 0)",
        "n",
        "In short, too, a household twice is one household.",
        HOMES,
        "plain",
    ),
)
