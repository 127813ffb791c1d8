from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forums", "0002_official_answers_and_what_was_shown_before")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="told_number",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                "id",
                condition=models.Q(("told_number__lt", models.F("last_number"))),
                name="thread_to_tell_of",
            ),
        ),
    ]
