"""Is the database ready for a command?"""

import sys

from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


def make_ready() -> None:
    """Make the tables of an empty database; refuse one that an older version left.

    Raises CommandError (status 2) with what to do: an upgrade is begun by a person, after a backup.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations:
        raise CommandError(
            "数据库是旧版本的。请先备份，再运行 cunjing migrate，然后重试。", returncode=2
        )
    sys.stderr.write("数据库是空的，正在建立 …\n")
    call_command("migrate", interactive=False, verbosity=0)
