from django.db import migrations


class Migration(migrations.Migration):
    """Drafts are kept by circo.drafts; what was begun before is dropped."""

    dependencies = [
        ("videos", "0014_neutral_words"),
    ]

    operations = [
        migrations.DeleteModel(
            name='Draft',
        ),
    ]
