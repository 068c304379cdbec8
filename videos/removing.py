"""Remove a film with all that is of it, whoever asks: its author, or the end of what people agreed to."""

from __future__ import annotations

from django.db import transaction

from circo import jobs
from videos import arrivals, paths, queries, storing, telling
from videos.models import Film, RecordingProject, Upload


@transaction.atomic
def remove_film(film: Film) -> None:
    """Remove a film, its comments and all its files; whatever a worker is making of it is dropped."""
    film_id = film.pk
    upload = Upload.objects.select_for_update().filter(film_id=film_id).first()
    jobs.forget_all(str(film_id), kinds=(*telling.OF_A_FILM, queries.SPEECH))
    film.delete()
    transaction.on_commit(lambda: storing.delete(paths.film_key(film_id)), robust=True)
    if upload:
        upload_id = upload.pk  # gone with the film by then
        transaction.on_commit(lambda: arrivals.place().discard(upload_id), robust=True)


@transaction.atomic
def remove_project(project: RecordingProject) -> None:
    """Remove a recording project without films, with its people, their answers, and the signed papers."""
    project_id = project.pk
    for people in project.people.all():
        people.agreements.all().delete()  # before the papers that prove them
    project.delete()
    transaction.on_commit(lambda: storing.delete(paths.papers_key(project_id)))
