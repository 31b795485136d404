import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_pacing"),
        ("engine", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="journalposition",
            name="epoch",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.BigIntegerField()),
                ("holder", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="campaigns.campaign"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "epoch"), name="one_holder_an_epoch")
                ],
            },
        ),
    ]
