"""What the tests of imports share: a small file, an import that was tried, the workers' part."""

from django.core.files.uploadedfile import SimpleUploadedFile

from circo import jobs
from circo.imports import actions, running
from circo.models import ImportRun, Job, JobState
from tests import world as world_module

A = world_module.uai("27", 901)
SCHOOLS = f"uai;nom;commune\n{A};École A;Acquigny\n0271421X;École X;Acquigny\n"


def spaced(text: str) -> str:
    """With plain spaces, as one types them."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def file(content, name="ecoles.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def work(kind: str) -> None:
    """Run each waiting job of that kind."""
    for pk in Job.objects.filter(kind=kind, state=JobState.QUEUED).order_by("pk").values_list("pk", flat=True):
        jobs.run(pk)


def tried(world: world_module.World) -> ImportRun:
    """An import of schools, tried, of the inspector here."""
    run = actions.start(kind=ImportRun.Kind.SCHOOLS, place=world.here.district, file=file(SCHOOLS), by=world.inspector)
    work(running.CHECK)
    run.refresh_from_db()
    return run
