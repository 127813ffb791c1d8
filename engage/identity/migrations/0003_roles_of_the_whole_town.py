from django.db import migrations


def give(apps, schema_editor):
    """Whoever had a role had it in the whole town."""
    User, RoleGrant = (apps.get_model("identity", name) for name in ("User", "RoleGrant"))
    trusted = User.objects.exclude(role="resident").order_by("pk")
    RoleGrant.objects.bulk_create(RoleGrant(person=user, role=user.role) for user in trusted)


def take_back(apps, schema_editor):
    """The older tables knew one role a person, and no areas."""
    RoleGrant = apps.get_model("identity", "RoleGrant")
    for grant in RoleGrant.objects.filter(until=None, role__in=["organiser", "moderator"]):
        grant.person.role = grant.role
        grant.person.save(update_fields=["role"])


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_areas_and_roles")]

    operations = [
        migrations.RunPython(give, take_back),
        migrations.RemoveField(model_name="user", name="role"),
    ]
