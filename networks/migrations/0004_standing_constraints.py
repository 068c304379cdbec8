from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("networks", "0003_standing_of_who_left")]

    operations = [
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['FIRST_YEAR', 'SECOND_YEAR']), ('standing', 'REQUESTED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'INVITED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'ACTIVE')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'PAUSED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'ON_LEAVE')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'LEFT')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'MOVED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'DECLINED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'REFUSED')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'WITHDRAWN')), models.Q(('stage__in', ['FIRST_YEAR', 'RELAY', 'SECOND_YEAR']), ('standing', 'EXPIRED')), _connector='OR'), name='membership_known_state', violation_error_message='Cette étape et cette situation ne vont pas ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_on__isnull', False), ('standing__in', ['LEFT', 'MOVED'])), models.Q(models.Q(('standing__in', ['LEFT', 'MOVED']), _negated=True), ('left_on', None)), _connector='OR'), name='membership_left_on_some_day', violation_error_message='Un départ a sa date, et lui seul.'),
        ),
    ]
