"""Numbers in the clauses that ask for nothing to be counted, and why: the rest of the denominator.

A clause whose words hold a number states a figure or stands here; a test holds it. `LISTED` says
how many entries the list has that the clause speaks of.
"""

_TEAM = "who belongs to a team"
_STORY = "what the document tells, not what it asks"

NO_FIGURE: dict[str, dict[str, str]] = {
    "bozhou-2014": {"1.1": _STORY},
    "huangchuan-2021": {
        "一-3": "how many kinds of activity follow",
        "三（四）": "the name of an annex",
    },
    "jilin-2019": {"四（一）-2": "a day that is long past; the rules judge every period alike"},
    "mouding-2020": {
        "导语": _STORY,
        "一": f"{_STORY}; the duty is in 二（一）",
        "三（一）-3": _TEAM,
        "三（一）-6": _TEAM,
    },
    "suzhou-2021": {"二-1": "how many layers a village net has"},
}
"""Policy -> clause -> why its number is no figure."""

LISTED: dict[str, dict[str, int]] = {
    "bozhou-2014": {"1.4": 6},
    "huangchuan-2021": {"附2-1": 4, "附2-2": 4, "附2-3": 3, "附2-4": 3, "附2-5": 3},
    "jilin-2019": {"二": 14},
    "mouding-2020": {"二（三）": 6},
    "suzhou-2021": {"三（一）-1": 6, "三（一）-5": 6, "三（一）-6": 6, "五（二）-1": 4},
}
"""Policy -> clause -> how many entries its list has."""
