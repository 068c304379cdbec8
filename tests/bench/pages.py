"""The pages that are measured, each with the person whose page it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from circo.models import Person, Posting, School
from networks.models import MutualisationGroup, Salon, WishCampaign
from trainings.models import PathTransfer, Step
from videos.models import Film


@dataclass(frozen=True)
class Scene:
    """What the pages are about. The addresses of pages come from it."""

    people: dict[str, Person]  # teacher, adviser, inspector, secretary, departement
    group: MutualisationGroup
    school: School
    film: Film
    salon: Salon
    campaign: WishCampaign
    quiz: Step  # of a draft
    transfer: PathTransfer  # of that draft

    @property
    def colleague(self) -> Person:
        return Person.objects.get(pk=self.film.author_id)


@dataclass(frozen=True)
class Page:
    name: str  # as people call it
    who: str
    url: Callable[[Scene], str]


def _named(name: str, query: str = "") -> Callable[[Scene], str]:
    return lambda scene: reverse(name) + query


def _change(name: str, of: Callable[[Scene], object]) -> Callable[[Scene], str]:
    return lambda scene: reverse(name, args=[of(scene).pk])


def _posting(scene: Scene) -> Posting:
    return Posting.objects.filter(person=scene.colleague).latest("starts_on")


PAGES = (
    Page("À faire", "teacher", _named("portal:home")),
    Page("Mon année", "teacher", _named("portal:year")),
    Page("Mon profil", "teacher", _named("portal:profile")),
    Page("Avis", "teacher", _named("portal:notices")),
    Page("Préférences d’avis", "teacher", _named("portal:notice_preferences")),
    Page("Recherche", "teacher", _named("portal:search", "?q=film")),
    Page("Films", "teacher", _named("videos:film_list")),
    Page("Un film et ses commentaires", "teacher", lambda scene: reverse("videos:film_page", args=[scene.film.pk])),
    Page("Déposer un film", "teacher", _named("videos:film_deposit")),
    Page("Groupes", "teacher", _named("networks:group_list")),
    Page("Un groupe", "teacher", lambda scene: reverse("networks:group_page", args=[scene.group.pk])),
    Page("Rencontres d’un groupe", "teacher", lambda scene: reverse("networks:meeting_list", args=[scene.group.pk])),
    Page("Agenda", "teacher", _named("calendar:agenda")),
    Page("Salons", "teacher", _named("networks:salon_list")),
    Page("Un salon", "teacher", lambda scene: reverse("networks:salon_page", args=[scene.salon.pk])),
    Page("Classes à visiter", "teacher", _named("networks:site_list")),
    Page("Tiers-lieux", "teacher", _named("networks:place_list")),
    Page("Relais", "teacher", _named("networks:relay_list")),
    Page("Mes heures", "teacher", _named("hours:mine")),
    Page("Emporter un parcours", "adviser", _change("trainings:export_new", lambda scene: scene.transfer.version.path)),
    Page("Reprendre un cours", "adviser", _named("trainings:course_new")),
    Page("Un transfert", "adviser", _change("trainings:transfer_page", lambda scene: scene.transfer)),
    Page("Ajouter des questions", "adviser", _change("trainings:questions_bring", lambda scene: scene.quiz)),
    Page("À faire", "inspector", _named("portal:home")),
    Page("Recherche", "inspector", _named("portal:search", "?q=de")),
    Page("Groupes", "inspector", _named("networks:group_list")),
    Page("Un groupe", "inspector", lambda scene: reverse("networks:group_page", args=[scene.group.pk])),
    Page("Une école", "inspector", lambda scene: reverse("portal:school_page", args=[scene.school.uai])),
    Page("Une personne", "inspector", lambda scene: reverse("portal:person_page", args=[scene.colleague.pk])),
    Page("Vœux", "inspector", lambda scene: reverse("networks:campaign_page", args=[scene.campaign.pk])),
    Page("Décisions", "inspector", lambda scene: reverse("networks:decision_list", args=[scene.campaign.pk])),
    Page(
        "Aperçu de l’ouverture", "inspector", lambda scene: reverse("networks:year_preview", args=[scene.campaign.pk])
    ),
    Page("Les 18 heures", "inspector", _named("hours:entry_list")),
    Page("Un compte des 18 heures", "inspector", _change("hours:person_page", lambda scene: scene.people["teacher"])),
    Page("Pilotage", "inspector", _named("portal:steering")),
    Page("Imports", "secretary", _named("imports:run_list")),
    Page("À faire", "departement", _named("portal:home")),
    Page("Recherche", "departement", _named("portal:search", "?q=de")),
    Page("Pilotage", "departement", _named("portal:steering")),
    Page("Groupes", "departement", _named("networks:group_list")),
    Page("Admin : accueil", "inspector", _named("admin:index")),
    Page("Admin : personnes", "inspector", _named("admin:circo_person_changelist")),
    Page("Admin : personnes cherchées", "inspector", _named("admin:circo_person_changelist", "?q=mar")),
    Page("Admin : une personne", "inspector", _change("admin:circo_person_change", lambda scene: scene.colleague)),
    Page("Admin : son historique", "inspector", _change("admin:circo_person_history", lambda scene: scene.colleague)),
    Page("Admin : affectations", "inspector", _named("admin:circo_posting_changelist")),
    Page("Admin : une affectation", "inspector", _change("admin:circo_posting_change", _posting)),
    Page("Admin : écoles", "inspector", _named("admin:circo_school_changelist")),
    Page("Admin : groupes", "inspector", _named("admin:networks_mutualisationgroup_changelist")),
    Page(
        "Admin : un groupe",
        "inspector",
        _change("admin:networks_mutualisationgroup_change", lambda scene: scene.group),
    ),
    Page("Admin : membres", "inspector", _named("admin:networks_membership_changelist")),
    Page("Admin : dérogations", "inspector", _named("admin:circo_derogation_changelist")),
    Page("Admin : invitations", "inspector", _named("admin:circo_invitation_changelist")),
    Page("Admin : personnes", "departement", _named("admin:circo_person_changelist")),
    Page("Admin : affectations", "departement", _named("admin:circo_posting_changelist")),
    Page("Admin : écoles", "departement", _named("admin:circo_school_changelist")),
)
