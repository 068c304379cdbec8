"""What the sweeps need of the learner's side of a path."""

from __future__ import annotations

from django.utils import timezone

from tests.house.supplying import Scene, Supplied
from tests.trainings.learners import learner, module_of, path_of, question_of, statement_of, step_of
from tests.trainings.sessions import date_of, session_of
from tests.videos.grids import grid_of
from trainings.learning import actions
from trainings.models import Enrolment, GridAnswer, PathReview, SessionPresence
from trainings.paths.rules import H5P, StepKind

OF_PATH = (
    "path_show",
    "enrol",
    "leave",
    "come_back",
    "move_to_current",
    "wishes",
    "wishes_save",
    "assessment",
    "assess",
)


def supply(scene: Scene) -> Supplied:
    version = path_of(scene.ground.district, f"Lire des histoires{scene.mark}")
    module = module_of(version, f"Choisir un livre{scene.mark}")
    statement = statement_of(module, f"Je choisis un livre{scene.mark}")
    reading = step_of(module, title=f"Trois critères{scene.mark}", text=f"Un texte{scene.mark}.")
    quiz = step_of(module, StepKind.QUIZ, f"Des questions{scene.mark}")
    question = question_of(quiz, f"Lequel ?{scene.mark}")
    log = step_of(module, StepKind.LOG, f"Mon journal{scene.mark}")
    film = step_of(module, StepKind.DEPOSIT, f"Mon film{scene.mark}")
    grid = grid_of(scene.teacher)
    look = step_of(module, StepKind.GRID, f"Une grille{scene.mark}", grid=grid)
    activity = step_of(module, StepKind.PACKAGE, f"Une activité{scene.mark}")
    package = activity.documents.create(kind=H5P, name=f"activité{scene.mark}.h5p", size_bytes=9, sha256="5" * 64)
    taken = learner(scene.teacher, version)
    actions.assess(enrolment=taken, levels={statement.pk: 1}, by=scene.teacher)
    actions.answer(enrolment=taken, step=quiz, answers={question.pk: ["0"]}, by=scene.teacher)
    GridAnswer.objects.create(enrolment=taken, step=look, criterion=grid.criteria.first(), number=1)
    actions.write(enrolment=taken, step=log, text=f"J’ai essayé{scene.mark}", by=scene.teacher)
    over = path_of(scene.ground.district, f"Un parcours fini{scene.mark}")
    actions.read(enrolment=learner(scene.teacher, over), step=step_of(module_of(over)), by=scene.teacher)
    one = {"pk": version.path_id}
    words = {"keeps": f"Je lis plus lentement{scene.mark}", "advice": f"À qui débute{scene.mark}"}
    review = PathReview.objects.create(enrolment=taken, **words)
    other = learner(scene.teacher, path_of(scene.ground.district, f"Compter{scene.mark}"))
    PathReview.objects.create(enrolment=other, **words, removed_at=timezone.now())
    tutor = scene.world.people["trainer" if not scene.mark else "trainer_there"]
    session = session_of(version, tutor, title=f"Au printemps{scene.mark}")
    Enrolment.objects.filter(pk=taken.pk).update(session=session, followed=True)
    past, gone = date_of(session, days=-3), date_of(session, removed_at=timezone.now())
    SessionPresence.objects.create(date=past, enrolment=taken, said_at=timezone.now())
    return Supplied(
        urls={
            **{f"trainings:{name}": one for name in OF_PATH},
            "trainings:certificate": {"pk": over.path_id},
            **{f"trainings:review_{verb}": one for verb in ("edit", "save", "remove")},
            "trainings:review_restore": {"pk": other.path_id},
            **{f"trainings:review_{verb}": {"pk": review.pk} for verb in ("page", "hide", "show")},
            **{f"trainings:session_{verb}": one for verb in ("new", "create")},
            **{f"trainings:session_{verb}": {"pk": session.pk} for verb in ("page", "edit", "update", "end", "reopen")},
            "trainings:date_add": {"pk": session.pk},
            "trainings:date_remove": {"pk": past.pk},
            "trainings:date_restore": {"pk": gone.pk},
            **{f"trainings:presence_{verb}": {"pk": past.pk} for verb in ("list", "save", "say")},
            **{f"trainings:word_{verb}": {"pk": session.pk, "enrolment_id": taken.pk} for verb in ("new", "send")},
            "trainings:follow": one,
            "trainings:choose": {**one, "module_id": module.pk},
            "trainings:step_page": {**one, "step_id": quiz.pk},
            "trainings:step_done": {**one, "step_id": reading.pk},
            "trainings:answer": {**one, "step_id": quiz.pk},
            "trainings:write": {**one, "step_id": log.pk},
            "trainings:observe": {**one, "step_id": look.pk},
            "trainings:deposit": {**one, "step_id": film.pk},
            "trainings:play": {**one, "step_id": activity.pk},
            "trainings:activity_player": {"pk": package.pk},
            "trainings:activity_file": {"token": "x", "name": "h5p.json"},  # opens nothing: see test_h5p
        },
        admin={"pathsession": session, "sessiondate": past, "pathreview": review},
    )
