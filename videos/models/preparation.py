"""What is being made of a film, and what has been made: its plan, the pieces that are done, its renditions."""

from __future__ import annotations

from django.db import models

from videos.models.films import Film


class Preparation(models.Model):
    """The making of one film, from the first look at its bytes to the last check. Gone once the film is whole."""

    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="preparation")
    output = models.CharField("dossier", max_length=20)
    plan = models.JSONField("plan")
    is_early = models.BooleanField("avant la fin de l’envoi", default=False)
    is_blurring = models.BooleanField("pour flouter", default=False)  # no piece of it may show what is hidden
    asked = models.PositiveIntegerField("morceaux demandés", default=0)  # the first so many of the plan
    pieces = models.PositiveIntegerField("morceaux en tout")
    copy_done = models.BooleanField("images d’origine publiées", default=False)
    sound_done = models.BooleanField("son publié", default=False)
    sound_until_s = models.FloatField("son demandé jusqu’à", default=0)  # while the bytes arrive

    class Meta:
        verbose_name = "préparation"

    def __str__(self) -> str:
        return f"{self.film_id} {self.output}"


class DonePiece(models.Model):
    """One piece that a worker has published, once: the seconds of its segments, and their bytes by rendition."""

    preparation = models.ForeignKey(Preparation, models.CASCADE, related_name="done_pieces")
    key = models.CharField("morceau", max_length=12)
    lengths = models.JSONField("durées")
    sizes = models.JSONField("octets")
    wall_s = models.FloatField("secondes de travail")

    class Meta:
        verbose_name = "morceau fait"
        constraints = [models.UniqueConstraint(fields=["preparation", "key"], name="piece_once")]

    def __str__(self) -> str:
        return self.key


class RenditionQuerySet(models.QuerySet["Rendition"]):
    def published(self) -> models.QuerySet[Rendition]:
        """Those of the folder that their film names, of which something can be watched."""
        return self.filter(output=models.F("film__output"), seconds__gt=0)


class Rendition(models.Model):
    """One way to watch or hear a film. `lengths` of its segments are in seconds, rates in bits a second."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="renditions", verbose_name="film")
    output = models.CharField("dossier", max_length=20)
    name = models.CharField("nom", max_length=20)
    width = models.PositiveIntegerField("largeur", default=0)  # 0: sound
    height = models.PositiveIntegerField("hauteur", default=0)
    rate = models.FloatField("images par seconde", default=0)
    codecs = models.CharField("codecs", max_length=40, blank=True)
    init_digest = models.CharField("empreinte du début", max_length=64, blank=True)
    peak_rate = models.PositiveIntegerField("débit le plus haut", default=0)
    average_rate = models.PositiveIntegerField("débit moyen", default=0)
    lengths = models.JSONField("durées", default=list)
    seconds = models.FloatField("durée publiée", default=0)
    is_whole = models.BooleanField("entière", default=False)
    is_kept = models.BooleanField("gardée", default=True)  # a heavy original gives way to our own renditions

    objects = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = "rendition"
        ordering = ["-height", "name"]
        constraints = [models.UniqueConstraint(fields=["film", "output", "name"], name="rendition_once")]

    def __str__(self) -> str:
        return self.name
