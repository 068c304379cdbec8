"""Three lively salons: of a group, of the district, and of a theme. All invented; written in the evening before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from circo.models import District, Person
from circo.portal.demo.accounts import DOMAIN, READING
from circo.portal.demo.schools import HERE
from networks.models import MutualisationGroup, Post, Salon, SalonOpening, SalonReading
from networks.salons.rules import Reaction
from videos.models import Film, Moment

EVERY = timedelta(minutes=7)


@dataclass(frozen=True)
class Said:
    """One message. `answers` is the rank, in the salon, of the one that it answers."""

    author: str  # the name before the @
    text: str
    answers: int | None = None
    reactions: Sequence[tuple[str, Reaction]] = ()
    pinned: bool = False


GROUP = (
    Said(
        "conseillere",
        "Bienvenue dans le salon du groupe ! On s’y dit ce qui n’attend pas la prochaine rencontre :\n\n"
        "- une trouvaille du jour ;\n- une question avant une séance ;\n- un album à faire circuler.",
        reactions=(("amina", Reaction.THUMB), ("bruno", Reaction.HEART)),
        pinned=True,
    ),
    Said(
        "amina", "Ce matin, j’ai laissé **dix secondes** de silence après la consigne. Trois élèves l’ont redite seuls."
    ),
    Said("bruno", "Tu comptes dans ta tête, ou avec un sablier ?", answers=1),
    Said("amina", "Dans ma tête. Mais le sablier se voit de loin : j’essaie demain.", answers=1),
    Said(
        "bruno",
        "Au rayon albums, *Le loup qui voulait changer de couleur* marche très bien en GS pour reformuler.",
        reactions=(("amina", Reaction.IDEA), ("conseillere", Reaction.THANKS)),
    ),
    Said("conseillere", "@Amina Benhaddou, gardez-nous une minute de film du sablier pour jeudi ?"),
)
DISTRICT = (
    Said(
        "inspectrice",
        "Les deux journées des partages sont posées : le programme arrive avant la fin du mois.",
        pinned=True,
    ),
    Said("chloe", "Est-ce que l’on peut proposer un atelier à deux écoles ?"),
    Said("conseillere", "Oui, et c’est même ce que l’on espère. Dites-le ici, je vous mets en relation.", answers=1),
    Said("bruno", "Je cherche une classe de CP qui correspondrait avec mes GS, une lettre par mois."),
    Said("amina", "La mienne ! On commence après les vacances ?", answers=3, reactions=(("bruno", Reaction.BRAVO),)),
)
THEME = (
    Said("chloe", "Qui fait écrire chaque jour, même cinq minutes ? Que faites-vous des textes ensuite ?"),
    Said("amina", "Un cahier qui reste en classe. On relit le vendredi, chacun choisit une phrase à garder."),
    Said("conseillere", "Une fiche de pratique serait utile à d’autres circonscriptions : qui s’y met avec moi ?"),
)


def write() -> None:
    """Open the three salons and write what is said in them."""
    district = District.objects.get(name=HERE)
    group = MutualisationGroup.objects.get(name=READING, network__district=district)
    _fill(
        Salon(title="Le coin lecture", about="Nos trouvailles et nos questions, au fil des jours.", group=group), GROUP
    )
    _fill(Salon(title="La salle des profs", about="Pour toute la circonscription.", district=district), DISTRICT)
    theme = Salon(
        title="Écrire chaque jour", about="Un thème, plusieurs circonscriptions.", departement=district.departement
    )
    _fill(theme, THEME)
    of_here = District.objects.filter(departement=district.departement)
    SalonOpening.objects.bulk_create(SalonOpening(salon=theme, district=one) for one in of_here)


def _person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def _fill(salon: Salon, said: Sequence[Said]) -> None:
    opener = _person("conseillere")
    salon.created_by = opener
    salon.save()
    posts: list[Post] = []
    begun = timezone.now() - EVERY * (len(said) + 2)
    for rank, one in enumerate(said, start=1):
        at = begun + EVERY * rank
        post = Post.objects.create(
            salon=salon,
            author=_person(one.author),
            text=one.text,
            seq=rank,
            changed_seq=rank,
            parent=posts[one.answers] if one.answers is not None else None,
            created_at=at,
            pinned_at=at if one.pinned else None,
        )
        for name, reaction in one.reactions:
            post.reactions.create(person=_person(name), code=reaction)
        posts.append(post)
    for post in posts:
        Post.objects.filter(pk=post.pk).update(answer_count=sum(one.parent_id == post.pk for one in posts))
    salon.last_seq, salon.last_post_at = len(posts), posts[-1].created_at
    salon.save(update_fields=["last_seq", "last_post_at"])
    SalonReading.objects.create(salon=salon, person=_person("amina"), read_seq=len(posts) - 2)


def quote(film: Film) -> None:
    """Quote a moment of the film in the salon of its group: who does not see the film sees a sealed card."""
    salon, moment = Salon.objects.filter(group=film.group).first(), Moment.objects.filter(film=film).first()
    if salon is None or moment is None:
        return
    salon.last_seq += 1
    post = Post.objects.create(
        salon=salon,
        author=moment.author,
        text="Regardez ce moment avant jeudi : qui parle le premier ?",
        seq=salon.last_seq,
        changed_seq=salon.last_seq,
    )
    post.quotes.create(kind="moment", object_id=str(moment.pk))
    salon.last_post_at = post.created_at
    salon.save(update_fields=["last_seq", "last_post_at"])
