from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0007_held_photos"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("applied", "已采纳"),
                    ("entered", "已另行登记"),
                    ("dismissed", "不采纳"),
                    ("replaced", "已由本人改好重报"),
                ],
                max_length=10,
                verbose_name="处理",
            ),
        ),
    ]
