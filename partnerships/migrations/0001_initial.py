

import circo.models.people
import django.core.validators
import django.db.models.deletion
import partnerships.models.cohorts
import partnerships.models.students
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('circo', '0001_initial'),
        ('circo', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalPartnerAgreement',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='référence')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(verbose_name='au')),
                ('terms', models.TextField(max_length=4000, verbose_name='ce qui est convenu')),
                ('state', models.CharField(choices=[('DRAFT', 'en préparation'), ('SENT', 'à signer'), ('SIGNED', 'signée'), ('ENDED', 'terminée')], default='DRAFT', editable=False, max_length=6, verbose_name='état')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='pourquoi elle s’arrête')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('departement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.departement', verbose_name='département')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.institution', verbose_name='institut')),
                ('school_year', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.schoolyear', verbose_name='année scolaire')),
            ],
            options={
                'verbose_name': 'historical convention de partenariat',
                'verbose_name_plural': 'historical conventions de partenariat',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProgramme',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('weeks', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, 'Un stage dure au moins une semaine.'), django.core.validators.MaxValueValidator(40, 'Un stage dure au plus 40\xa0semaines.')], verbose_name='semaines de stage')),
                ('kinds', models.JSONField(default=list, validators=[partnerships.models.cohorts.check_kinds], verbose_name='sortes de journées')),
                ('before_accompanied', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(200, 'Au plus 200.')], verbose_name='demi-journées d’observation avant la pratique accompagnée')),
                ('before_responsibility', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(200, 'Au plus 200.')], verbose_name='demi-journées de pratique accompagnée avant la responsabilité')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.institution', verbose_name='institut')),
            ],
            options={
                'verbose_name': 'historical formation',
                'verbose_name_plural': 'historical formations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalStudentStatus',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('may_be_alone', models.BooleanField(default=False, verbose_name='peut être seul·e avec une classe')),
                ('legal_text', models.CharField(blank=True, help_text='Par exemple\xa0: contrat d’alternance, arrêté d’affectation. Demandé si l’on peut être seul·e.', max_length=300, verbose_name='texte qui le permet')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.institution', verbose_name='institut')),
            ],
            options={
                'verbose_name': 'historical statut',
                'verbose_name_plural': 'historical statuts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PartnerAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='référence')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(verbose_name='au')),
                ('terms', models.TextField(max_length=4000, verbose_name='ce qui est convenu')),
                ('state', models.CharField(choices=[('DRAFT', 'en préparation'), ('SENT', 'à signer'), ('SIGNED', 'signée'), ('ENDED', 'terminée')], default='DRAFT', editable=False, max_length=6, verbose_name='état')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='pourquoi elle s’arrête')),
                ('departement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.departement', verbose_name='département')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.institution', verbose_name='institut')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.schoolyear', verbose_name='année scolaire')),
            ],
            options={
                'verbose_name': 'convention de partenariat',
                'verbose_name_plural': 'conventions de partenariat',
                'ordering': ['-school_year__first_day', 'institution__name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('institution', 'departement', 'school_year'), name='partner_agreement_once_a_year', violation_error_message='Une convention existe déjà pour cette année.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='partner_agreement_in_order', violation_error_message='Le dernier jour vient après le premier.')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('weeks', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, 'Un stage dure au moins une semaine.'), django.core.validators.MaxValueValidator(40, 'Un stage dure au plus 40\xa0semaines.')], verbose_name='semaines de stage')),
                ('kinds', models.JSONField(default=list, validators=[partnerships.models.cohorts.check_kinds], verbose_name='sortes de journées')),
                ('before_accompanied', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(200, 'Au plus 200.')], verbose_name='demi-journées d’observation avant la pratique accompagnée')),
                ('before_responsibility', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(200, 'Au plus 200.')], verbose_name='demi-journées de pratique accompagnée avant la responsabilité')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.institution', verbose_name='institut')),
            ],
            options={
                'verbose_name': 'formation',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('institution', 'name'), name='programme_name_once', violation_error_message='Une formation de l’institut porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('weeks__range', (1, 40))), name='programme_weeks')],
            },
        ),
        migrations.CreateModel(
            name='StudentStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('may_be_alone', models.BooleanField(default=False, verbose_name='peut être seul·e avec une classe')),
                ('legal_text', models.CharField(blank=True, help_text='Par exemple\xa0: contrat d’alternance, arrêté d’affectation. Demandé si l’on peut être seul·e.', max_length=300, verbose_name='texte qui le permet')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.institution', verbose_name='institut')),
            ],
            options={
                'verbose_name': 'statut',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('institution', 'name'), name='student_status_name_once', violation_error_message='Un statut de l’institut porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('may_be_alone', False), models.Q(('legal_text', ''), _negated=True), _connector='OR'), name='student_status_has_text', violation_error_message='Écrivez le texte qui permet d’être seul·e avec une classe.')],
            },
        ),
        migrations.CreateModel(
            name='AgreementSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.CharField(max_length=160, verbose_name='qualité')),
                ('name', models.CharField(blank=True, max_length=160, verbose_name='nom')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signée le')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='partnerships.partneragreement', verbose_name='convention')),
            ],
            options={
                'verbose_name': 'signature',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCohort',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.institution', verbose_name='institut')),
                ('school_year', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='circo.schoolyear', verbose_name='année scolaire')),
                ('programme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partnerships.programme', verbose_name='formation')),
            ],
            options={
                'verbose_name': 'historical promotion',
                'verbose_name_plural': 'historical promotions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.institution', verbose_name='institut')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='circo.schoolyear', verbose_name='année scolaire')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partnerships.programme', verbose_name='formation')),
            ],
            options={
                'verbose_name': 'promotion',
                'ordering': ['-school_year__first_day', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('institution', 'school_year', 'name'), name='cohort_name_once', violation_error_message='Une promotion de cette année porte déjà ce nom.')],
            },
        ),
        migrations.CreateModel(
            name='StudentPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='partnerships.cohort', verbose_name='promotion')),
            ],
            options={
                'verbose_name': 'binôme',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='UniversityPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120, verbose_name='ce qu’il y a')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(verbose_name='au')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='partnerships.cohort', verbose_name='promotion')),
            ],
            options={
                'verbose_name': 'période à l’université',
                'verbose_name_plural': 'périodes à l’université',
                'ordering': ['starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='university_period_in_order', violation_error_message='Le dernier jour vient après le premier.')],
            },
        ),
        migrations.CreateModel(
            name='Student',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transport', models.CharField(choices=[('CAR', 'en voiture'), ('PUBLIC', 'en transports en commun')], default='CAR', max_length=6, verbose_name='moyen de transport')),
                ('levels', models.JSONField(blank=True, default=list, validators=[circo.models.people.check_levels], verbose_name='niveaux souhaités')),
                ('practices', models.JSONField(blank=True, default=list, validators=[partnerships.models.students.check_practices], verbose_name='pratiques à voir')),
                ('pair_seat', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='parti·e le')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='students', to='partnerships.cohort', verbose_name='promotion')),
                ('home', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='circo.commune', verbose_name='commune où l’on habite')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='studies', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ('pair', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='students', to='partnerships.studentpair', verbose_name='binôme')),
                ('status', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partnerships.studentstatus', verbose_name='statut')),
            ],
            options={
                'verbose_name': 'étudiant ou étudiante',
                'verbose_name_plural': 'étudiants',
                'ordering': ['person__last_name', 'person__first_name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'cohort'), name='student_once_a_cohort', violation_error_message='Cette personne est déjà dans la promotion.'), models.UniqueConstraint(fields=('pair', 'pair_seat'), name='student_pair_of_two'), models.CheckConstraint(condition=models.Q(models.Q(('pair', None), ('pair_seat', None)), models.Q(('pair__isnull', False), ('pair_seat__in', (1, 2))), _connector='OR'), name='student_pair_seat')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalStudent',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('levels', models.JSONField(blank=True, default=list, validators=[circo.models.people.check_levels], verbose_name='niveaux souhaités')),
                ('practices', models.JSONField(blank=True, default=list, validators=[partnerships.models.students.check_practices], verbose_name='pratiques à voir')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='parti·e le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('cohort', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partnerships.cohort', verbose_name='promotion')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ('pair', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partnerships.studentpair', verbose_name='binôme')),
                ('status', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partnerships.studentstatus', verbose_name='statut')),
            ],
            options={
                'verbose_name': 'historical étudiant ou étudiante',
                'verbose_name_plural': 'historical étudiants',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
