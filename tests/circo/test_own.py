"""Rows that are one person's alone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet

from circo.models import Notice
from circo.models.own import OwnQuerySet

OWN = [model for model in apps.get_models() if isinstance(model._default_manager.none(), OwnQuerySet)]


def test_a_row_is_seen_by_its_person_alone(world):
    Notice.objects.create(person=world.amina, kind="groups", key="1", title="Une invitation")
    everybody = [*world.people.values(), AnonymousUser()]
    assert [one for one in everybody if Notice.objects.visible_to(one).exists()] == [world.amina]
    assert [one for one in everybody if Notice.objects.editable_by(one).exists()] == [world.amina]
    world.amina.is_active = False
    assert not Notice.objects.visible_to(world.amina).exists()


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_each_such_model_says_whose_its_rows_are(world, model):
    rows = model.objects.visible_to(world.amina)
    assert f"= {world.amina.pk}" in str(rows.query)
    assert not rows.exists()
    with pytest.raises(EmptyResultSet):
        str(model.objects.visible_to(AnonymousUser()).query)
