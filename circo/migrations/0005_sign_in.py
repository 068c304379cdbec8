from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('circo', '0004_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='CacheEntry',
            fields=[
                ('key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'entrée du cache',
                'verbose_name_plural': 'entrées du cache',
                'ordering': ['key'],
            },
        ),
        migrations.AddField(
            model_name='person',
            name='sessions_epoch',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
