"""Where the documents lead a hasty reader wrong, and the examples that hold the answer.

`shown_by` names tests: `spec FILE: TITLE` is a table of this folder, `folder TITLE` a world of
`tests/unit/policy/contract`, `test FILE::FUNCTION` a test. A test looks for each of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trap:
    """A trap in a sentence, what is right, and where that is shown."""

    trap: str
    answer: str
    shown_by: tuple[str, ...]


TRAPS = (
    Trap(
        "a platoon of 34",
        "three squads of 11 and the platoon leader, who is in no squad",
        ("folder thirty-four is three squads and the leader",),
    ),
    Trap(
        "full platoons and a full company",
        "two full platoons with the headquarters are 70 and pass; with a third, 2 + 3 × 34 = 104 "
        "is over 100",
        (
            "folder thirty-four is three squads and the leader",
            "folder three full platoons are over a hundred",
        ),
    ),
    Trap(
        "six squads in two platoons",
        "two squads are enough for a platoon, but a company of two platoons then has too few",
        ("folder two platoons need three squads each",),
    ),
    Trap(
        "a squad of 7",
        "the leader is one of the seven",
        ("folder seven are a squad with its leader, not beside him",),
    ),
    Trap(
        "a natural group with five members",
        "more than four is noted like fewer than two",
        ("folder hamlets of none, one, five", "spec groups: members per hamlet"),
    ),
    Trap(
        "a branch with six listed and seven allowed",
        "secretary, deputy, three platoon leaders and an officer are six; four to seven pass",
        (
            "folder six are listed in a branch that may have seven",
            "folder a branch of four",
            "folder a branch of seven",
            "folder a branch of eight",
        ),
    ),
    Trap(
        "an auxiliary who passes in Jilin and fails in Suzhou",
        "the same posting, judged by both: from the village itself, never from it",
        (
            "folder a local auxiliary passes in Jilin",
            "folder the same auxiliary fails in Suzhou, and the other way round",
        ),
    ),
    Trap(
        "the third 旬 of a month of 28, 29, 30, 31 days",
        "from the 21st to the end, whatever that is",
        (
            "spec tally: ten days: 1 to 10, 11 to 20, 21 to the end",
            "spec tally: the last ten days of a leap February are nine",
            "spec tally: those of a month of 30 days are ten",
            "spec tally: those of a month of 31 days are eleven",
            "test tests/unit/policy/test_periods.py::test_sub_periods_tile_their_period",
        ),
    ),
    Trap(
        "a posting of one day",
        "it has a row of its own and is exempt",
        ("folder one-day, empty and outside postings",),
    ),
    Trap(
        "an officer with two villages",
        "each posting counts only its own village",
        ("folder an officer with two villages",),
    ),
    Trap(
        "postings that touch",
        "one tenure for rotation and training, each its own row for work",
        (
            "spec state: postings that touch are one tenure, each its own row; a gap, a village, "
            "a role break it",
            "folder touching postings each keep their own row and evidence",
        ),
    ),
    Trap(
        "absences that overlap",
        "a day of two absences is taken off once",
        (
            "spec prorating: a day of two absences is taken off once",
            "folder overlapping absences are one absence",
        ),
    ),
    Trap(
        "a record voided after the freeze",
        "it counts in what was frozen and not in the revision",
        (
            "folder a void event counts until it is voided",
            "test tests/integration/assessment/test_actions.py::"
            "test_a_record_voided_after_the_freeze_changes_the_revision_and_not_the_frozen_run",
        ),
    ),
    Trap(
        "money that does not divide",
        "sums are compared, never rounded means; one fen short is short",
        (
            "folder money is kept to the last fen",
            "folder grades, pay and allowances without rounding up",
            "spec yearly: allowance: whole hundredths of the villages' mean, rounded down",
            "spec yearly: pay is what the grade calls for, exactly",
        ),
    ),
)
