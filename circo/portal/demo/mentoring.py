"""One pair of the demonstration: Amina accompanies Bruno. All invented, and read by these two accounts alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import Person
from circo.portal.demo.accounts import DOMAIN
from networks.mentoring import actions, queries

GOALS = ("Oser laisser un **silence** après ma question.", "Ranger la classe avec eux, et non après eux.")
SAID = (
    ("amina", "Bienvenue ! Je peux venir te voir un mardi, ou toi venir chez moi. Qu’est-ce qui t’aiderait ?"),
    ("bruno", "Merci. Après mes questions, je réponds trop vite à leur place. Je voudrais voir comment tu attends."),
    ("amina", "Je compte dans ma tête, jusqu’à dix :\n\n- au début c’est long ;\n- puis ce sont eux qui parlent."),
    ("bruno", "Essayé ce matin : à **sept**, quelqu’un a levé la main."),
)


def write() -> None:
    """Write the pair, by the acts of both; nothing where the two are not of one network, or at the right stages."""
    people = {person.email.split("@")[0]: person for person in Person.objects.filter(email__endswith=f"@{DOMAIN}")}
    amina, bruno = people.get("amina"), people.get("bruno")
    if amina is None or bruno is None or not queries.mentors_for(bruno).filter(pk=amina.pk).exists():
        return
    pair = actions.propose(to=amina, by=bruno)
    actions.accept(pair=pair, by=amina)
    for goal in GOALS:
        actions.add_goal(pair=pair, text=goal, by=bruno)
    for name, text in SAID:
        actions.send(pair=pair, text=text, by=people[name])
    when = timezone.localtime().replace(hour=12, minute=15, second=0, microsecond=0) + timedelta(days=5)
    actions.meet(pair=pair, starts_at=when, minutes=45, place="Dans ma classe, après la cantine", by=amina)
