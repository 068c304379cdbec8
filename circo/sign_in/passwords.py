"""What a password may not lean on: the person's own names, school and town, and the platform's name."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from circo.models import Person, Posting
from circo.sign_in.rules import own_words_in

# Django's list of common passwords is English: these are the first that a French reader would try.
COMMON_WORDS = [
    "partages",
    "mutualisation",
    "circonscription",
    "ecole",
    "maitresse",
    "professeur",
    "motdepasse",
    "azerty",
]


def words_of(person: Person | None) -> list[str]:
    """The words that somebody who knows this person would try first."""
    words = [*settings.PLATFORM["name"].split(), *COMMON_WORDS]
    if person is None:
        return words
    words += [person.first_name, person.last_name, *person.email.partition("@")[0].split(".")]
    if person.pk:
        places = Posting.objects.in_force(timezone.localdate()).filter(person=person, school__isnull=False)
        for name, commune in places.order_by("pk").values_list("school__name", "school__commune"):
            words += [name, commune, *name.split(), *commune.split("-")]
    return words


class OwnWordsValidator:
    """Refuse a password that says little more than these words."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if words := own_words_in(password, words_of(user)):
            raise ValidationError(
                f"Ce mot de passe repose trop sur «\u00a0{words[0]}\u00a0», que l’on devinerait vite. "
                "Choisissez d’autres mots.",
                code="own_words",
            )

    def get_help_text(self) -> str:
        return "Évitez votre nom, votre école, votre commune. Une phrase de quelques mots convient très bien."
