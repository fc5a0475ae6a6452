"""The result files of a match folder and their columns."""

ASSIGNMENT, VACANT = "assignment.csv", "vacant.csv"
REASONS, WORKLOAD = "reasons.csv", "workload.csv"
ASSIGNMENT_COLUMNS = ("village_code", "staff_id", "points", "changed")
VACANT_COLUMNS = ("village_code", "reason")
REASON_COLUMNS = ("village_code", "staff_id", "rule", "points")
WORKLOAD_COLUMNS = ("village_code", "load")
