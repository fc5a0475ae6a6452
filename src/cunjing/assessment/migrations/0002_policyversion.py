from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min

import cunjing.base.ids


def from_runs(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Every digest that some run names has been in use since the first of them."""
    run, version = (apps.get_model("assessment", name) for name in ("Run", "PolicyVersion"))
    used = run.objects.values("policy_id", "policy_digest").annotate(first=Min("started_at"))
    for row in used.order_by("policy_digest"):
        version.objects.get_or_create(
            digest=row["policy_digest"],
            defaults={"policy_id": row["policy_id"], "first_used_at": row["first"]},
        )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cunjing.base.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("policy_id", models.CharField(max_length=60, verbose_name="考评方案")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="方案摘要")),
                ("first_used_at", models.DateTimeField(verbose_name="首次使用时间")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["policy_id", "first_used_at"], name="version_by_policy")
                ],
            },
        ),
        migrations.RunPython(from_runs, migrations.RunPython.noop),
    ]
