"""The forms of mentoring. What is too long is said by the actions, so that nothing typed is cut."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from circo.models import Person
from networks.mentoring import queries, rules
from networks.models import MentoringMeeting


class ProposeForm(forms.Form):
    to = forms.ModelChoiceField(Person.objects.none(), label="À qui", empty_label="à choisir")

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = queries.mentors_for(person) | queries.newcomers_for(person)


class IntroduceForm(forms.Form):
    newcomer = forms.ModelChoiceField(Person.objects.none(), label="Qui arrive", empty_label="à choisir")
    mentor = forms.ModelChoiceField(Person.objects.none(), label="Qui accompagne", empty_label="à choisir")

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["newcomer"].queryset = queries.to_introduce(person, queries.NEWCOMERS)
        self.fields["mentor"].queryset = queries.to_introduce(person, queries.MENTORS)


class WordsField(forms.CharField):
    """What one writes: empty or too long, the action says so, and nothing typed is cut."""

    always_answered = True  # it is not optional: without words, nothing is sent


class MessageForm(forms.Form):
    text = WordsField(
        label="Votre message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une ligne vide fait un paragraphe.",
    )


class GoalForm(forms.Form):
    text = WordsField(label="Avec vos mots", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2}))


class MeetingForm(forms.Form):
    starts_at = forms.DateTimeField(
        label="Quand", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.TypedChoiceField(
        label="Durée",
        choices=[(minutes, f"{minutes}\u00a0minutes") for minutes in rules.DURATIONS],
        coerce=int,
        initial=60,
    )
    place = forms.CharField(label="Lieu ou lien", required=False, max_length=rules.PLACE_MAX)

    @classmethod
    def of(cls, meeting: MentoringMeeting) -> MeetingForm:
        return cls(
            initial={
                "starts_at": timezone.localtime(meeting.starts_at),
                "minutes": meeting.minutes,
                "place": meeting.place,
            }
        )
