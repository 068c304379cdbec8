"""What the ground keeps of a person."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from circo.models import (
    CalendarFeed,
    FormDraft,
    IssuedDocument,
    LetterBatch,
    Notice,
    NoticePreference,
    Person,
    Posting,
)
from circo.registries import Holding

HOLDINGS = (
    Holding(
        "Mon compte",
        lambda person: Person.objects.filter(pk=person.pk),
        {
            "adresse e-mail": "email",
            "prénom": "first_name",
            "nom": "last_name",
            "compte ouvert": "is_active",
            "inscrit le": "joined_at",
            "dernière connexion": "last_login",
        },
    ),
    Holding(
        "Changements de ma fiche",
        lambda person: Person.history.filter(id=person.pk).order_by("history_date"),
        {"le": "history_date", "adresse e-mail": "email", "prénom": "first_name", "nom": "last_name"},
    ),
    Holding(
        "Mes fonctions",
        lambda person: Posting.objects.filter(person=person).order_by("starts_on", "pk"),
        {
            "rôle": "role",
            "école": "school__name",
            "circonscription": "district__name",
            "département": "departement__name",
            "institut": "institution__name",
            "niveaux": "levels",
            "nombre d’élèves": "class_size",
            "demi-journées": "half_days",
            "du": "starts_on",
            "au": "ends_on",
        },
    ),
    Holding(
        "Mes appareils connectés",
        lambda person: UserSession.objects.filter(user=person).order_by("pk"),
        {"adresse": "ip", "navigateur": "user_agent", "depuis": "created_at", "vu le": "last_seen_at"},
    ),
    Holding(
        "Mes avis",
        lambda person: Notice.objects.filter(person=person).order_by("created_at", "pk"),
        {"titre": "title", "texte": "text", "le": "created_at", "lu le": "read_at"},
    ),
    Holding(
        "Mes préférences d’avis",
        lambda person: NoticePreference.objects.filter(person=person).order_by("pk"),
        {"sorte": "kind", "envoi": "delivery"},
    ),
    Holding(
        "Mon agenda par abonnement",
        lambda person: CalendarFeed.objects.filter(person=person).order_by("pk"),
        {"adresse créée le": "opened_at", "retirée le": "closed_at"},
        note="L’adresse elle-même se lit sur la page «\u00a0Recevoir mon agenda\u00a0».",
    ),
    Holding(
        "Mes brouillons",
        lambda person: FormDraft.objects.filter(person=person).order_by("kept_at", "pk"),
        {"où": "place", "ce qui est écrit": "typed", "gardé le": "kept_at"},
    ),
    Holding(
        "Les documents qui me sont délivrés",
        lambda person: IssuedDocument.objects.filter(person=person).order_by("issued_on", "pk"),
        {
            "sorte": "kind",
            "délivré à": "recipient",
            "objet": "subject",
            "délivré par": "authority",
            "délivré le": "issued_on",
            "valable jusqu’au": "valid_until",
            "retiré le": "withdrawn_at",
        },
    ),
    Holding(
        "Les courriers que j’ai demandés",
        lambda person: LetterBatch.objects.filter(asked_by=person).order_by("asked_at", "pk"),
        {"titre": "title", "nombre": "letter_count", "demandés le": "asked_at"},
    ),
)
