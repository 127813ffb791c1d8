import django.db.models.deletion
from django.db import migrations, models

from voting.board.operations import CreateUnorderedTable


class Migration(migrations.Migration):
    dependencies = [
        ("voting", "0002_who_is_asked_and_how_sure"),
    ]

    operations = [
        migrations.AddField(
            model_name="poll",
            name="assisted",
            field=models.BooleanField(default=True, verbose_name="clerks may help people to vote"),
        ),
        migrations.AddField(
            model_name="poll",
            name="groups",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        CreateUnorderedTable(
            name="UnderWay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "poll",
                        "resident",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("resident", models.UUIDField()),
                ("nonce", models.BinaryField(max_length=32)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="under_way",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
    ]
