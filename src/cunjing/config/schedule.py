"""What runs by the clock (Asia/Shanghai): the one table of scheduled jobs."""

from cunjing.kernel.schedule import Scheduled

SCHEDULE = (
    Scheduled(name="seal", cron="* * * * *", task="cunjing.kernel.tasks.seal_audit"),
    Scheduled(name="head", cron="5 0 * * *", task="cunjing.kernel.tasks.sign_yesterday"),
    Scheduled(name="prune", cron="30 3 * * *", task="cunjing.kernel.tasks.prune_results"),
)
