"""The month plan: village days for everyone posted in a unit, and the households of each day.

`model` holds what goes in and comes out, `options` the numbers it is planned by, `plan.plan_month`
makes a plan, `replan.move_day` and `replan.replan` change one, `checker.check_plan` holds a plan
against the facts without the solvers, `feed.officer_feed` writes one person's iCalendar. The
command is `cunjing plan`. A plan is advice and never an assessment.
"""
