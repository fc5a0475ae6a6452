"""What runs by the clock (Asia/Shanghai): the one table of scheduled jobs."""

from cunjing.kernel.schedule import Scheduled

SCHEDULE = (
    Scheduled(name="seal", cron="* * * * *", task="cunjing.kernel.tasks.seal_audit"),
    Scheduled(name="head", cron="5 0 * * *", task="cunjing.kernel.tasks.sign_yesterday"),
    Scheduled(name="ask", cron="20 * * * *", task="cunjing.questions.tasks.ask_questions"),
    Scheduled(name="ask-clocks", cron="25 * * * *", task="cunjing.sync.tasks.ask_about_clocks"),
    Scheduled(name="prune", cron="30 3 * * *", task="cunjing.kernel.tasks.prune_results"),
    Scheduled(name="photos", cron="45 3 * * *", task="cunjing.photos.tasks.tidy_photos"),
    Scheduled(
        name="assess-ended", cron="0 6 1 * *", task="cunjing.assessment.tasks.assess_ended_periods"
    ),
    Scheduled(
        name="assess-running",
        cron="30 2 * * *",
        task="cunjing.assessment.tasks.assess_current_month",
    ),
)
