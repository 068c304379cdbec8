"""`{{ form }}` is right by itself: words for what is required, errors tied to their fields, a summary with links."""

import re

from django import forms

from circo.portal.forms import SampleForm


class OneField(forms.Form):
    title = forms.CharField(label="Titre")


class AllRequired(forms.Form):
    title = forms.CharField(label="Titre")
    day = forms.DateField(label="Jour")


class Refused(OneField):
    def clean(self):
        raise forms.ValidationError("Ce titre est déjà pris.")


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_what_is_required_is_said_in_words():
    assert "obligatoire" not in str(OneField())  # one field: nothing to tell apart
    assert "Tous les champs sont obligatoires." in str(AllRequired())
    sample = str(SampleForm())
    assert "sauf mention" in sample
    assert sample.count("(facultatif)") == 5  # never beside a single box to tick


def test_every_field_has_a_label_of_its_own():
    html = str(SampleForm())

    controls = re.findall(r"<(?:input|select|textarea)[^>]*\bid=\"([^\"]+)\"", html)
    labelled = re.findall(r'<label[^>]*\bfor="([^"]+)"', html)

    assert len(controls) >= 13
    assert set(controls) == set(labelled)
    assert len(ids(html)) == len(set(ids(html)))
    assert html.count("<fieldset") == html.count("<legend>") == 2


def test_errors_are_tied_to_their_fields_and_summed_up_with_links():
    form = SampleForm({"email": "amina", "pupils": "900", "title": "<b>Problèmes</b>"})
    html = str(form)

    assert "6 erreurs sont à corriger." in html
    for name in ("email", "level", "audience", "day", "pupils", "agreed"):
        assert f'id="id_{name}_error"' in html
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert {reference for value in described for reference in value.split()} <= set(ids(html))
    summary = html.split("form__mention")[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 6
    assert set(targets) <= set(ids(html))
    assert "&lt;b&gt;Problèmes&lt;/b&gt;" in html  # nothing typed is lost, nothing typed is obeyed


def test_the_first_bad_field_takes_the_focus_and_the_whole_forms_no_comes_first():
    field = str(SampleForm({"title": "x"}))
    assert "data-focus" not in field.split("form__mention")[0]
    assert field.index("data-focus") < field.index('name="level"')

    whole = str(Refused({"title": "x"}))
    assert whole.index("data-focus") < whole.index("Ce titre est déjà pris.")
    assert "Une erreur est à corriger." in whole


def test_a_form_without_error_says_nothing_of_errors():
    html = str(SampleForm())

    assert "data-focus" not in html
    assert "aria-invalid" not in html
    assert "alert" not in html


def test_a_label_that_ends_with_a_mark_takes_no_other_one_in_the_summary():
    class Asked(forms.Form):
        silence = forms.CharField(label="Que fait-elle du silence\u00a0?")
        title = forms.CharField(label="Titre")

    summary = str(Asked({})).split("form__mention")[0]
    assert "silence\u00a0?</a> " in summary
    assert "Titre</a>\u00a0: " in summary
