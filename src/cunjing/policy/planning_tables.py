"""The facts tables the planner reads: who may serve which village, and what is to be done there.

No verdict rests on them. Native and former places may lie outside the facts.
"""

from cunjing.policy.columns import (
    Column,
    ColumnType,
    Table,
    boolean_column,
    code_column,
    count_column,
    date_column,
    digits_column,
    enum_column,
    latitude_column,
    longitude_column,
    rank_column,
    reference_column,
    text_column,
    time_column,
)
from cunjing.policy.enums import Trade

_MINUTES = Column(
    "minutes", ColumnType.INTEGER, pattern="[1-9][0-9]{0,2}", hint="1 至 999 的整数（分钟）"
)


_PAIR = (
    reference_column("staff_id", "staff", required=True),
    reference_column("village_code", "villages", required=True),
)

PLANNING_TABLES = (
    Table(
        "candidates",
        (
            reference_column("staff_id", "staff", required=True),
            enum_column("unit_kind", Trade),
            code_column("native_village_code"),
            digits_column("former_township_code", 9),
            code_column("former_village_code"),
            count_column("capacity", required=True),
            rank_column("rank", highest=3),
            longitude_column(),
            latitude_column(),
        ),
        key=("staff_id",),
    ),
    Table(
        "wishes",
        (
            reference_column("staff_id", "staff", required=True),
            reference_column("village_code", "villages", required=True),
            rank_column("rank", highest=9, required=True),
        ),
        key=("staff_id", "village_code"),
    ),
    Table(
        "village_features",
        (
            reference_column("village_code", "villages", required=True),
            boolean_column("on_main_road"),
            boolean_column("complex"),
            count_column("cases"),
            count_column("disputes"),
            count_column("hazards"),
            count_column("population"),
            longitude_column(),
            latitude_column(),
        ),
        key=("village_code",),
    ),
    Table("pins", _PAIR, key=("staff_id", "village_code")),
    Table("bans", _PAIR, key=("staff_id", "village_code")),
    Table(
        "needs",
        (
            text_column("household_id", required=True),
            reference_column("village_code", "villages", required=True),
            text_column("hamlet_id"),
            count_column("prize", required=True),
            date_column("fixed_date"),
            time_column("window_from"),
            time_column("window_to"),
            _MINUTES,
            longitude_column(),
            latitude_column(),
        ),
        key=("household_id",),
    ),
    Table(
        "calendar",
        (
            date_column("date", required=True),
            boolean_column("working"),
            boolean_column("festival"),
            boolean_column("market"),
        ),
        key=("date",),
    ),
    Table(
        "cars",
        (text_column("car_id", required=True), text_column("unit_code")),
        key=("car_id",),
    ),
)
"""In the order of the contract, after the tables the verdicts read."""
