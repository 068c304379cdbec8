from django.db import migrations


def stand(apps, schema_editor):
    """Who had a day of leaving has left; the lines of history say so too."""
    for name in ("Membership", "HistoricalMembership"):
        apps.get_model("networks", name).objects.filter(left_on__isnull=False).update(standing="LEFT")


class Migration(migrations.Migration):

    dependencies = [("networks", "0002_standing")]

    operations = [migrations.RunPython(stand, migrations.RunPython.noop)]
