import json

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import cunjing.base.clock


def name_villages(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Say of lines that wait for a person which village they name; others are read as before."""
    villages = set(apps.get_model("places", "Village").objects.values_list("code", flat=True))
    mutations = apps.get_model("sync", "Mutation").objects
    rows = mutations.filter(result__in=("rejected", "quarantined"), content__isnull=False)
    for pk, content in list(rows.values_list("pk", "content")):
        try:
            body = json.loads(bytes(content or b""))["body"]
            said = body.get("village_code") or (body.get("record") or {}).get("village_code")
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if isinstance(said, str) and said in villages:
            mutations.filter(pk=pk).update(village_code=said)


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        ("sync", "0006_beacon"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldPhoto",
            fields=[
                (
                    "mutation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="held_photo",
                        serialize=False,
                        to="sync.mutation",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="照片内容")),
                (
                    "received_at",
                    models.DateTimeField(default=cunjing.base.clock.now, verbose_name="收到时间"),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="mutation", name="mutation_photo"),
        migrations.AddIndex(
            model_name="mutation",
            index=models.Index(
                condition=models.Q(("type", "photo")), fields=["device"], name="mutation_of_photo"
            ),
        ),
        migrations.AddField(
            model_name="mutation",
            name="village_code",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="村代码"),
            preserve_default=False,
        ),
        migrations.RunPython(name_villages, migrations.RunPython.noop),
    ]
