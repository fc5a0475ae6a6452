"""Build the benchmark's database and assess one month of it; prints what was done as JSON."""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Migrate and fill the database unless its mark is there; then judge all its months."""
    django.setup()
    mark = Path(settings.VAR) / "built.json"
    if not mark.exists():
        mark.write_text(json.dumps(_build()))
    done = json.loads(mark.read_text())
    _assess_earlier()
    _assess(done["running"])
    done["assess_seconds"] = _assess(done["period"])
    json.dump(done, sys.stdout)


def _build() -> dict[str, object]:
    # Models load only after django.setup().
    from benchmarks import _web_data as data  # noqa: PLC0415 - see above
    from cunjing.accounts.models import User  # noqa: PLC0415 - see above
    from cunjing.accounts.tokens import create_token  # noqa: PLC0415 - see above
    from cunjing.assessment.actions import set_programme  # noqa: PLC0415 - see above
    from cunjing.base.clock import today  # noqa: PLC0415 - see above
    from cunjing.kernel.access import Actor  # noqa: PLC0415 - see above

    call_command("migrate", verbosity=0)
    started = time.monotonic()
    size = data.build()
    period, running = data.periods()
    system = Actor.for_system("benchmark")
    set_programme(actor=system, prefix=data.COUNTY, policy_id="bozhou-2014", valid_from=data.FIRST)
    county = User.objects.get(username="bench-county")
    token = create_token(
        actor=system, user_id=county.pk, name="bench", expires_on=today() + timedelta(days=300)
    )
    return {
        "villages": size.villages,
        "records": size.records,
        "period": period,
        "running": running,
        "token": token.secret,
        "build_seconds": time.monotonic() - started,
    }


def _assess_earlier() -> None:
    """Judge the months of the past, each once: pages of a rule show a year."""
    from benchmarks._web_data import earlier_periods  # noqa: PLC0415 - models, see below
    from cunjing.assessment.models import Run  # noqa: PLC0415 - see below

    judged = set(Run.objects.values_list("period", flat=True))
    for period in earlier_periods():
        if period not in judged:
            _assess(period)


def _assess(period: str) -> float:
    from benchmarks._web_data import COUNTY  # noqa: PLC0415 - models load after django.setup()
    from cunjing.assessment.actions import run_assessment  # noqa: PLC0415
    from cunjing.kernel.access import Actor  # noqa: PLC0415 - see above

    started = time.monotonic()
    run_assessment(actor=Actor.for_system("benchmark"), scope=COUNTY, period=period)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
