"""How far the preparation of a film is, for its author."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from circo import jobs
from circo.models import Job, JobState
from videos import rules
from videos.models import DonePiece, Film, FilmState, Preparation, Rendition
from videos.plans import rules as plans
from videos.plans.rules import Plan
from videos.queries.kinds import HEAVY, PIECE, PREPARE

USUAL_PACE = 3.0  # seconds of one worker for a second of film, as long as none was measured
MEASURED = 30  # of the last pieces
AHEAD_MAX = 5000


@dataclass(frozen=True)
class Progress:
    """How much is done, how many films of others go first, how long it still takes."""

    percent: int
    films_ahead: int = 0
    left_s: float | None = None

    @property
    def text(self) -> str:
        """The same in words."""
        if self.films_ahead:
            before = "Un film passe" if self.films_ahead == 1 else f"{self.films_ahead} films passent"
            return f"{before} avant le vôtre."
        if not self.percent:
            return "La préparation va commencer."
        left = f" · {rules.time_left(self.left_s)}" if self.left_s is not None else ""
        return f"{self.percent}\u00a0%{left}"


def progress_of(film: Film) -> Progress:
    """Read how far the preparation of a film is, in a constant number of queries."""
    if film.state != FilmState.PROCESSING:
        return Progress(0)
    preparation = Preparation.objects.filter(film=film).first()
    if preparation is None:
        return Progress(0, films_ahead=_ahead(film))
    plan = Plan.from_json(preparation.plan)
    done = {piece.key for piece in DonePiece.objects.filter(preparation=preparation)}
    total = sum(plan.seconds(piece) * len(piece.rungs) for piece in plan.pieces) or 1.0
    made = sum(plan.seconds(piece) * len(piece.rungs) for piece in plan.pieces if piece.key in done)
    left_s = (total - made) / max(len(plan.rungs), 1) * _pace()
    return Progress(1 + int(98 * made / total), 0 if done else _ahead(film), left_s)


def _pace() -> float:
    """Seconds of the clock for a second of film, from the last pieces of all and the workers of now."""
    rows = DonePiece.objects.order_by("-pk").values_list("wall_s", "lengths")[:MEASURED]
    worked, lasted = (sum(wall for wall, _ in rows), sum(sum(lengths) for _, lengths in rows))
    workers = Job.objects.filter(kind=PIECE, state=JobState.RUNNING).count()
    return (worked / lasted if lasted else USUAL_PACE) / max(workers, 1)


def _ahead(film: Film) -> int:
    """How many films of others will be taken before this one."""
    mine = jobs.waiting(HEAVY).filter(subject_id__startswith=f"{film.pk}:").first()
    if mine is None:
        mine = Job.objects.filter(kind=PREPARE, subject_id=str(film.pk), state=JobState.QUEUED).first()
    if mine is None:
        return 0
    same_turn = Q(rank=mine.rank, turn=mine.turn, pk__lt=mine.pk)
    sooner = Q(rank__lt=mine.rank) | Q(rank=mine.rank, turn__lt=mine.turn) | same_turn
    subjects = jobs.waiting(mine.queue).filter(sooner).values_list("subject_id", flat=True)[:AHEAD_MAX]
    return len({subject.split(":")[0] for subject in subjects} - {str(film.pk)})


def version_of(film: Film) -> str:
    """Name what a player may choose from: another version has better renditions."""
    if not film.is_watchable:
        return ""
    if film.state == FilmState.READY:
        return f"{film.output}:whole"
    rows = list(Rendition.objects.published().filter(film=film))
    return f"{film.output}:{','.join(one.name for one in plans.offered(rows))}"
