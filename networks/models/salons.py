"""Salons, what is written in them, and what each person has read of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.access import Permission
from circo.models import Departement, District, Person, Posting
from circo.models.folding import folded_column
from circo.rules import PLACE_OF_ROLE, Place, Role
from networks.models.groups import MutualisationGroup, Network
from networks.salons import rules
from networks.salons.rules import FILE_KINDS, ROOMS, Decision, Reaction

if TYPE_CHECKING:
    from circo.access import Anyone


OF_A_DISTRICT = tuple(role for role, place in PLACE_OF_ROLE.items() if place in (Place.SCHOOL, Place.DISTRICT))


def working_in(person: Anyone, permission: Permission | None = None) -> frozenset[int]:
    """The districts in which the person holds a role of a school or of the district's team, today.

    Those who oversee a whole département do not enter its rooms by that alone, nor does the technical administrator.
    With a permission: where such a role gives it.
    """
    covered = person.reach().district_ids_as(*OF_A_DISTRICT)
    return covered if permission is None else covered & person.reach().district_ids_for(permission)


def _in_districts(district_ids: frozenset[int]) -> Q:
    return (
        Q(network__district_id__in=district_ids)
        | Q(district_id__in=district_ids)
        | Q(pk__in=SalonOpening.objects.filter(district_id__in=district_ids).order_by().values("salon_id"))
    )


class SalonQuerySet(models.QuerySet["Salon"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the groups in whose circle one is, and those of the districts in which one works."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        groups = MutualisationGroup.objects.in_circle_of(person).order_by()
        return self.filter(Q(group__in=groups.values("pk")) | _in_districts(working_in(person)))

    def writable_by(self, person: Anyone) -> Self:
        """Those that one enters, as long as they are open."""
        return self.visible_to(person).filter(archived_at=None)

    def moderated_by(self, person: Anyone) -> Self:
        """Those in which one may hide a message: the adviser of the group, else the team that runs the district."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        managed = working_in(person, Permission.MANAGE_GROUPS)
        return self.visible_to(person).filter(Q(group__adviser_id=person.pk) | _in_districts(managed))

    def editable_by(self, person: Anyone) -> Self:
        """Those that one keeps in order (title, archive, pins): one has opened it, or one moderates it."""
        if not person.is_authenticated:
            return self.none()
        moderated = Salon.objects.moderated_by(person).order_by().values("pk")
        return self.visible_to(person).filter(Q(created_by_id=person.pk) | Q(pk__in=moderated))


class Salon(models.Model):
    """A living room: of one group, one network, one district, or of a theme opened to districts of a département.

    `last_seq` counts its changes; whoever writes locks the row, so that numbers follow commits.
    """

    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    about = models.CharField("de quoi on y parle", max_length=rules.ABOUT_MAX, blank=True)
    group = models.ForeignKey(
        MutualisationGroup, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="groupe"
    )
    network = models.ForeignKey(
        Network, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="réseau"
    )
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="circonscription"
    )
    departement = models.ForeignKey(
        Departement, models.CASCADE, null=True, blank=True, related_name="salons", verbose_name="département"
    )
    opened_to = models.ManyToManyField(
        District, through="SalonOpening", related_name="themes", verbose_name="ouvert aux circonscriptions"
    )
    created_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="salons_opened", verbose_name="ouvert par"
    )
    created_at = models.DateTimeField("ouvert le", default=timezone.now)
    archived_at = models.DateTimeField("archivé le", null=True, blank=True)
    last_seq = models.PositiveBigIntegerField("rang du dernier changement", default=0, editable=False)
    last_post_at = models.DateTimeField("dernier message le", null=True, blank=True, editable=False)
    folded = folded_column("title", "about")

    objects = SalonQuerySet.as_manager()

    class Meta:
        verbose_name = "salon"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": name != chosen for name in ROOMS}) for chosen in ROOMS),
                    _connector=Q.OR,
                ),
                name="salon_of_one_place",
                violation_error_message="Un salon est celui d’un groupe, d’un réseau, d’une circonscription ou d’un "
                "thème, et d’un seul.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def room(self) -> str:
        """Which of `ROOMS` it is of."""
        return next(name for name in ROOMS if getattr(self, f"{name}_id") is not None)

    @property
    def place(self) -> str:
        """Whose room it is, in words. Reads the one related row."""
        if self.group_id:
            return f"Groupe «\u00a0{self.group}\u00a0»"
        if self.network_id:
            return f"Réseau «\u00a0{self.network}\u00a0»"
        if self.district_id:
            return str(self.district)
        return f"Thème, {self.departement}"

    @property
    def channel(self) -> str:
        """What is rung for when something has changed."""
        return f"salon-{self.pk}"


class SalonOpening(models.Model):
    """A district to which a theme is open."""

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="openings", verbose_name="salon")
    district = models.ForeignKey(District, models.CASCADE, related_name="+", verbose_name="circonscription")

    class Meta:
        verbose_name = "ouverture d’un thème"
        verbose_name_plural = "ouvertures d’un thème"
        constraints = [models.UniqueConstraint(fields=["salon", "district"], name="salon_opened_once")]

    def __str__(self) -> str:
        return f"{self.salon_id} → {self.district_id}"


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the salons that one enters."""
        return self.filter(salon__in=Salon.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, not removed or hidden, in a salon that is open."""
        writable = Salon.objects.writable_by(person).order_by().values("pk")
        return self.filter(salon__in=writable, author_id=person.pk, removed_at=None, hidden_at=None)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        lately = timezone.now() - rules.RESTORABLE_FOR
        writable = Salon.objects.writable_by(person).order_by().values("pk")
        return self.filter(salon__in=writable, author_id=person.pk, removed_at__gt=lately)

    def moderated_by(self, person: Anyone) -> Self:
        """Those that one may hide: never one's own."""
        moderated = Salon.objects.moderated_by(person).order_by().values("pk")
        return self.filter(salon__in=moderated).exclude(author_id=person.pk)

    def shown(self) -> Self:
        """Neither removed nor hidden."""
        return self.filter(removed_at=None, hidden_at=None)


class Post(models.Model):
    """One message. `seq` is its place in the salon for ever; `changed_seq`, the number of its last change."""

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="posts", verbose_name="salon")
    author = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name="auteur ou autrice"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers", verbose_name="en réponse à"
    )
    seq = models.PositiveBigIntegerField("rang", editable=False)
    changed_seq = models.PositiveBigIntegerField("rang du dernier changement", editable=False)
    # Made by the page: sending again what was perhaps received writes nothing twice.
    client_key = models.UUIDField("clé d’envoi", null=True, blank=True, editable=False)
    text = models.TextField("message", max_length=rules.POST_MAX, blank=True)
    mentioned = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="personnes mentionnées")
    answer_count = models.PositiveIntegerField("réponses", default=0, editable=False)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    edited_at = models.DateTimeField("modifié le", null=True, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)
    pinned_at = models.DateTimeField("épinglé le", null=True, blank=True)
    hidden_at = models.DateTimeField("masqué le", null=True, blank=True)
    hidden_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="masqué par"
    )
    hidden_reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)
    folded = folded_column("text")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["salon", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["salon", "seq"], name="post_seq_once"),
            models.UniqueConstraint(fields=["salon", "changed_seq"], name="post_changed_seq_once"),
            models.UniqueConstraint(fields=["author", "client_key"], name="post_sent_once"),
            models.CheckConstraint(condition=Q(changed_seq__gte=F("seq")), name="post_changed_after"),
        ]
        indexes = [
            models.Index(fields=["salon", "pinned_at"], condition=~Q(pinned_at=None), name="post_pinned"),
            models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="post_removed"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.text[:40]}"

    @property
    def is_shown(self) -> bool:
        return self.removed_at is None and self.hidden_at is None


class PostFileQuerySet(models.QuerySet["PostFile"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the messages that one reads."""
        return self.filter(post__in=Post.objects.visible_to(person).shown().order_by().values("pk"))


class PostFile(models.Model):
    """A document attached to a message, stored under a name of ours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="files", verbose_name="message")
    kind = models.CharField("sorte", max_length=4, choices=FILE_KINDS)
    name = models.CharField("nom", max_length=rules.FILE_NAME_MAX)
    size_bytes = models.PositiveIntegerField("taille, en octets")

    objects = PostFileQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’un message"
        verbose_name_plural = "documents des messages"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == "jpg"


class Quote(models.Model):
    """What a message quotes, by its kind and its number: each reader sees it under one's own rights, or sealed."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="quotes", verbose_name="message")
    kind = models.CharField("sorte", max_length=20)
    object_id = models.CharField("numéro", max_length=40)

    class Meta:
        verbose_name = "citation"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "kind", "object_id"], name="quote_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class PostReaction(models.Model):
    """One reaction of one person to one message."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions", verbose_name="message")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    code = models.CharField("réaction", max_length=10, choices=[(one.value, one.label) for one in Reaction])

    class Meta:
        verbose_name = "réaction"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "person", "code"], name="reaction_once")]

    def __str__(self) -> str:
        return self.code


class OwnQuerySet[Row: models.Model](models.QuerySet[Row]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and nobody else's."""
        return self.filter(person_id=person.pk) if person.is_authenticated and person.is_active else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class SalonReading(models.Model):
    """How far a person has read a salon, on whichever device."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="readings", verbose_name="salon")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    read_seq = models.PositiveBigIntegerField("lu jusqu’au rang", default=0)

    objects = OwnQuerySet["SalonReading"].as_manager()

    class Meta:
        verbose_name = "lecture d’un salon"
        verbose_name_plural = "lectures des salons"
        constraints = [models.UniqueConstraint(fields=["person", "salon"], name="salon_reading_once")]

    def __str__(self) -> str:
        return f"{self.salon_id} : {self.read_seq}"


class SalonDraft(models.Model):
    """What a person has begun to write in a salon, as typed."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="drafts", verbose_name="salon")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    text = models.TextField("ce qui est écrit", max_length=rules.DRAFT_MAX)
    saved_at = models.DateTimeField("gardé le", auto_now=True)

    objects = OwnQuerySet["SalonDraft"].as_manager()

    class Meta:
        verbose_name = "brouillon d’un message"
        verbose_name_plural = "brouillons de messages"
        constraints = [models.UniqueConstraint(fields=["person", "salon"], name="salon_draft_once")]

    def __str__(self) -> str:
        return self.text[:40]


def _without_moderator(person: Anyone) -> Q:
    """Reports of the groups without an adviser, or whose own has left, or wrote the message: the advisers of the
    district read these alone."""
    if not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    districts = person.reach().district_ids_as(Role.ADVISER)
    here = Q(school__district__in=districts) | Q(district__in=districts) | Q(departement__district__in=districts)
    posted = Posting.objects.in_force(timezone.localdate()).filter(here, person__is_active=True).order_by()
    alone = Q(post__salon__group__adviser=None) | Q(post__salon__group__adviser=F("post__author"))
    alone |= ~Q(post__salon__group__adviser__in=posted.values("person_id"))
    return Q(alone, post__salon__group__network__district__in=districts)


class ReportQuerySet(models.QuerySet["PostReport"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one decides on: of the salons that one moderates, never about what one wrote oneself."""
        moderated = Q(post__in=Post.objects.moderated_by(person).order_by().values("pk"))
        return self.filter(moderated | _without_moderator(person)).exclude(post__author_id=person.pk)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person).filter(decision="")


class PostReport(models.Model):
    """Somebody asks that a message be looked at; what was decided, by whom, when and why is kept with it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports", verbose_name="message")
    reporter = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="signalé par"
    )
    word = models.CharField("un mot", max_length=rules.REASON_MAX, blank=True)
    created_at = models.DateTimeField("signalé le", default=timezone.now)
    decision = models.CharField(
        "décision", max_length=10, blank=True, choices=[(one.value, one.label) for one in Decision]
    )
    reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "reporter"],
                condition=Q(decision=""),
                name="report_waits_once",
                violation_error_message="Vous avez déjà signalé ce message.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & ~Q(decided_at=None)),
                name="report_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return self.word[:40] or f"{self.pk}"
