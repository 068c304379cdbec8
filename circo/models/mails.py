"""Mails to send, as rows: written in the transaction of the action, sent by a worker (see circo/mailing.py)."""

from __future__ import annotations

from django.db import models


class OutgoingMail(models.Model):
    """One mail to one address. `key` makes asking twice the same as once; a sent mail keeps no body."""

    key = models.CharField("clé", max_length=200, unique=True)
    to = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte", blank=True)
    html = models.TextField("page", blank=True)
    headers = models.JSONField("en-têtes", default=dict, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True)
    failed_at = models.DateTimeField("abandonné le", null=True)
    failure = models.CharField("raison de l’abandon", max_length=300, blank=True)

    class Meta:
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"
        ordering = ["-pk"]
        constraints = [
            # A body may hold a single-use link: nothing of it stays once the mail is sent or given up.
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True)
                | models.Q(text="", html="", headers={}),
                name="mail_body_leaves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"
