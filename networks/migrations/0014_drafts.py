from django.db import migrations


class Migration(migrations.Migration):
    """Drafts are kept by circo.drafts; what was begun before is dropped."""

    dependencies = [
        ("networks", "0013_mentoring"),
    ]

    operations = [
        migrations.DeleteModel(
            name='SalonDraft',
        ),
        migrations.DeleteModel(
            name='MentoringDraft',
        ),
    ]
