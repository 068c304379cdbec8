"""What films keep of a person. What was removed, and can still be brought back, is there too."""

from __future__ import annotations

from circo.registries import Holding
from videos.models import (
    Agreement,
    CaptionTrack,
    Collection,
    Entry,
    Excerpt,
    Film,
    Grid,
    Moment,
    Observation,
    PlaybackPosition,
    PracticeSheet,
    Recorded,
    RecordingProject,
    Reply,
    Upload,
)

# By its number alone: the title of another's film is theirs, and whoever wrote may have lost the right to read it.
WRITTEN = {"film": "film_id", "à la seconde": "at_s"}

HOLDINGS = (
    Holding(
        "Mes films",
        lambda person: Film.objects.filter(author=person).order_by("created_at", "pk"),
        {
            "titre": "title",
            "niveaux": "levels",
            "domaine": "subject",
            "groupe": "group__name",
            "projet": "project__title",
            "état": "state",
            "durée en secondes": "duration_s",
            "peut être téléchargé": "download_allowed",
            "poids en octets": "size_bytes",
            "déposé le": "created_at",
            "supprimé le": "removed_at",
        },
        note="Les films eux-mêmes pèsent trop lourd : chacun se télécharge depuis sa page.",
    ),
    Holding(
        "Mes envois",
        lambda person: Upload.objects.filter(owner=person).order_by("created_at", "pk"),
        {"fichier": "file_name", "poids en octets": "size_bytes", "commencé le": "created_at"},
    ),
    Holding(
        "Mes sous-titres",
        lambda person: CaptionTrack.objects.filter(film__author=person).order_by("pk"),
        {"film": "film__title", "langue": "language", "sous-titres": "rows", "montrés depuis": "shown_at"},
    ),
    Holding(
        "Mes projets de captation",
        lambda person: RecordingProject.objects.filter(author=person).order_by("created_at", "pk"),
        {
            "nom": "title",
            "but": "purpose",
            "lieu": "place",
            "premier jour": "recorded_from",
            "dernier jour": "recorded_until",
            "jusqu’au": "ends_on",
            "familles informées le": "informed_on",
            "liste déclarée complète le": "declared_at",
        },
        note="Les formulaires signés parlent des familles : vous les ouvrez depuis vos projets.",
    ),
    Holding(
        "Les personnes de mes projets",
        lambda person: Recorded.objects.filter(project__author=person).order_by("project", "pk"),
        {"projet": "project__title", "élève": "pupil", "initiales ou nom": "label"},
    ),
    Holding(
        "Les réponses que j’ai notées",
        lambda person: Agreement.objects.filter(answered_by=person).order_by("answered_at", "pk"),
        {"projet": "recorded__project__title", "de": "recorded__label", "réponse": "answer", "noté le": "answered_at"},
    ),
    Holding(
        "Mes commentaires",
        lambda person: Moment.objects.filter(author=person).order_by("created_at", "pk"),
        WRITTEN
        | {
            "fin du passage": "ends_at_s",
            "sorte": "kind",
            "lu par": "circle",
            "texte": "text",
            "écrit le": "created_at",
            "supprimé le": "deleted_at",
        },
    ),
    Holding(
        "Mes réponses dans les discussions",
        lambda person: Reply.objects.filter(author=person).order_by("created_at", "pk"),
        {"film": "moment__film_id", "texte": "text", "écrite le": "created_at", "supprimée le": "deleted_at"},
    ),
    Holding(
        "Mes extraits",
        lambda person: Excerpt.objects.filter(author=person).order_by("created_at", "pk"),
        {"film": "film_id", "titre": "title", "pourquoi": "note", "de": "in_s", "à": "out_s", "partagé": "shared"},
    ),
    Holding(
        "Mes collections",
        lambda person: Collection.objects.filter(owner=person).order_by("created_at", "pk"),
        {"titre": "title", "présentation": "text", "créée le": "created_at", "supprimée le": "removed_at"},
    ),
    Holding(
        "Mes fiches de pratique",
        lambda person: PracticeSheet.objects.filter(owner=person).order_by("created_at", "pk"),
        {
            "titre": "title",
            "contexte": "context",
            "intention": "intention",
            "déroulement": "course",
            "ce que je garde": "keeps",
            "niveaux": "levels",
            "domaine": "subject",
            "créée le": "created_at",
        },
        note="Les documents joints se téléchargent depuis chaque fiche.",
    ),
    Holding(
        "Mes grilles d’observation",
        lambda person: Grid.objects.filter(owner=person).order_by("created_at", "pk"),
        {"titre": "title", "but": "purpose", "version": "version", "créée le": "created_at"},
    ),
    Holding(
        "Mes observations",
        lambda person: Observation.objects.filter(observer=person).order_by("pk"),
        {"film": "round__film_id", "grille": "round__grid__title", "terminée le": "finished_at"},
    ),
    Holding(
        "Mes notes d’observation",
        lambda person: Entry.objects.filter(observation__observer=person).order_by("created_at", "pk"),
        {
            "film": "observation__round__film_id",
            "repère": "criterion__label",
            "à la seconde": "at_s",
            "réponse": "value",
            "en quelques mots": "text",
            "notée le": "created_at",
        },
    ),
    Holding(
        "Où j’en suis dans les films",
        lambda person: PlaybackPosition.objects.filter(person=person).order_by("pk"),
        WRITTEN | {"le": "updated_at"},
        note="Effacé six mois après la dernière lecture.",
    ),
)
