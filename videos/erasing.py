"""Erase a film with all that is of it, whoever asks: its author, or the end of what people agreed to."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.urls import reverse

from circo import mentions
from circo.models import FormDraft, Notice, Person
from circo.personal.queries import names_of
from videos import arrivals, paths, pausing, storing
from videos.models import Agreement, Film, Moment, RecordingProject, Reply, Upload


@transaction.atomic
def erase_film(film: Film) -> None:
    """Erase a film, its comments and all its files; whatever a worker is making of it is dropped."""
    film_id = film.pk
    pausing.pause(film_id)
    upload = Upload.objects.select_for_update().filter(film_id=film_id).first()
    Notice.objects.filter(path__startswith=reverse("videos:film_page", args=[film_id])).delete()
    FormDraft.objects.of_place(film.drafts_place).delete()
    film.delete()
    transaction.on_commit(lambda: storing.delete(paths.film_key(film_id)), robust=True)
    if upload:
        upload_id = upload.pk  # gone with the film by then
        transaction.on_commit(lambda: arrivals.place().discard(upload_id), robust=True)


@transaction.atomic
def erase_project(project: RecordingProject) -> None:
    """Erase a recording project without films, with its people, their answers, and the signed papers."""
    project_id = project.pk
    for people in project.people.all():
        people.agreements.all().delete()  # before the papers that prove them
    project.delete()
    transaction.on_commit(lambda: storing.delete(paths.papers_key(project_id)))


@transaction.atomic
def erase(person: Person) -> None:
    """Erase the films, uploads and recording projects of a person, with their files, papers and history, and their
    name where others mention it.

    The papers go too: they prove an agreement given to a teacher whom nobody could name any more.
    """
    for film in Film.objects.filter(author=person).order_by("pk"):
        erase_film(film)
    for upload_id in list(Upload.objects.filter(owner=person).order_by("pk").values_list("pk", flat=True)):
        Upload.objects.filter(pk=upload_id).delete()
        transaction.on_commit(partial(arrivals.place().discard, upload_id), robust=True)
    for project in RecordingProject.objects.filter(author=person).order_by("pk"):
        people = list(project.people.order_by("pk").values_list("pk", flat=True))
        erase_project(project)
        Agreement.history.filter(recorded_id__in=people).delete()
    RecordingProject.history.filter(author_id=person.pk).delete()
    _unname(person)


def _unname(person: Person) -> None:
    """Name nobody where others mention a person. A name that they wrote without calling it is a word of theirs."""
    names = names_of(person)
    for written in (Moment.objects, Reply.objects):
        for row in written.filter(mentioned=person).order_by("pk"):
            others = [str(one) for one in row.mentioned.exclude(pk=person.pk)]
            row.text = mentions.unnamed(row.text, names, others)
            row.save(update_fields=["text"])
