"""Where a page says what a rule refuses."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage

from circo.errors import Outside, Refusal
from circo.refusals import refusals_above, refusals_in


class WordForm(forms.Form):
    word = forms.CharField()


@pytest.mark.parametrize(("field", "place"), [("word", "word"), (None, "__all__")])
def test_a_refusal_is_said_in_the_form_and_the_page_goes_on(field, place):
    form = WordForm({"word": "un"})
    assert form.is_valid()
    with refusals_in(form, field):
        raise Refusal("Pas ce mot-là.")
    assert form.errors == {place: ["Pas ce mot-là."]}


def test_a_refusal_is_said_above_the_next_page(rf):
    request = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    with refusals_above(request):
        raise Refusal("Trop tard.")
    assert [(one.level_tag, one.message) for one in get_messages(request)] == [("error", "Trop tard.")]


def test_a_failure_of_the_world_is_no_refusal():
    form = WordForm({"word": "un"})
    with pytest.raises(Outside), refusals_in(form):
        raise Outside("Le disque est plein.")
    assert form.is_valid()
