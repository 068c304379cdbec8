import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import circo.models.sealed


class Migration(migrations.Migration):

    dependencies = [
        ("circo", "0011_service_log"),
    ]

    operations = [
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=100, verbose_name='où')),
                ('typed', circo.models.sealed.SealedField(verbose_name='ce qui est écrit')),
                ('base', models.CharField(editable=False, max_length=16)),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='gardé le')),
                ('aside_at', models.DateTimeField(blank=True, null=True, verbose_name='mis de côté le')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'brouillon de formulaire',
                'verbose_name_plural': 'brouillons de formulaires',
                'ordering': ['-kept_at', '-pk'],
                'indexes': [models.Index(fields=['kept_at'], name='form_draft_kept')],
                'constraints': [models.UniqueConstraint(fields=('person', 'place'), name='form_draft_once')],
            },
        ),
    ]
