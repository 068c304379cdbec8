"""The rates of the daily allowance of substitutes (ISSR), which the State sets: rows that every district starts with."""

from datetime import date

from django.db import migrations

# Décret 89-825 as amended by 2022-1189; arrêté of 27 August 2022. Units: kilometres, cents of euro a day.
SINCE, SOURCE = date(2022, 1, 1), "Arrêté du 27 août 2022"
STEPS = [[0, 1594], [10, 2104], [20, 2616], [30, 3087], [40, 3686], [50, 4289], [60, 4924]]
LAST_KM, FURTHER_KM, FURTHER_CENTS = 80, 20, 734


def seed(apps, _editor):
    apps.get_model("events", "IssrScale").objects.create(
        since=SINCE,
        source=SOURCE,
        steps=STEPS,
        last_km=LAST_KM,
        further_km=FURTHER_KM,
        further_cents=FURTHER_CENTS,
    )


def forget(apps, _editor):
    apps.get_model("events", "IssrScale").objects.filter(since=SINCE).delete()


class Migration(migrations.Migration):

    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(seed, forget)]
