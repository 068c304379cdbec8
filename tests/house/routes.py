"""Every URL of the platform, and the objects that fill its holes: read by the access sweep and the browser sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from circo import unsubscribing
from circo.invitations import digest_of
from circo.models import (
    BatchState,
    DataExport,
    Derogation,
    ExportState,
    ImportRun,
    Invitation,
    IssuedDocument,
    LetterBatch,
    Notice,
    Person,
)
from tests.circo import calendar_things, drafts_things, hours_things
from tests.events import brigade_things, days_things, festival_things, needs_things, plans_things
from tests.house.supplying import Scene, Supplied
from tests.networks import (
    experiment_things,
    meetings_things,
    mentoring_things,
    places_things,
    salon_things,
    visits_things,
    years_things,
)
from tests.partnerships import partner_things
from tests.trainings import (
    learning_things,
    lti_things,
    path_things,
    showcase_things,
    transfer_things,
    watching_things,
)
from tests.videos.blurring import area_of, blurring_of
from tests.videos.collections import CollectionThings, collection_things
from tests.videos.excerpts import excerpt_of
from tests.videos.films import publish
from tests.videos.grids import ObservationThings, observation_things
from tests.videos.records import record_of
from tests.videos.sheets import SheetThings, sheet_things
from tests.world import Ground, World, person
from videos.models import (
    Agreement,
    CaptionTrack,
    DpoDecision,
    Excerpt,
    Film,
    FilmState,
    HiddenArea,
    Moment,
    Reply,
    Scan,
    Upload,
)
from videos.paths import media_key, scan_key, source_key


@dataclass(frozen=True)
class Route:
    name: str
    pattern: URLPattern


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[Route]:
    """Walk the resolver: each URL with its full name. A URL without a name is a fault of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield Route(f"{namespace}{pattern.name}" if pattern.name else f"unnamed {pattern.pattern}", pattern)


# One a subject, beside its tests (`tests/<app>/<subject>.py`).
SUPPLIERS: tuple[Callable[[Scene], Supplied], ...] = (
    calendar_things.supply,
    drafts_things.supply,
    experiment_things.supply,
    hours_things.supply,
    meetings_things.supply,
    places_things.supply,
    salon_things.supply,
    visits_things.supply,
    years_things.supply,
    mentoring_things.supply,
    days_things.supply,
    brigade_things.supply,
    needs_things.supply,
    festival_things.supply,
    plans_things.supply,
    partner_things.supply,
    learning_things.supply,
    lti_things.supply,
    watching_things.supply,
    path_things.supply,
    transfer_things.supply,
    showcase_things.supply,
)


@dataclass
class Things:
    """One object of each kind that a URL names, all of one ground."""

    ground: Ground
    teacher: Person
    film: Film
    removed_film: Film  # a moment ago
    decision: DpoDecision
    agreement: Agreement  # of the adult of its project
    moment: Moment
    removed: Moment  # by its author, a moment ago
    reply: Reply
    removed_reply: Reply
    upload: Upload
    observing: ObservationThings
    excerpt: Excerpt
    removed_excerpt: Excerpt
    collected: CollectionThings
    sheets: SheetThings
    notice: Notice
    run: ImportRun
    derogation: Derogation
    export: DataExport
    batch: LetterBatch
    issued: IssuedDocument
    captions: CaptionTrack  # shown
    removed_captions: CaptionTrack  # a moment ago
    area: HiddenArea
    invitation: str  # the secret of its link
    supplied: list[Supplied]

    @cached_property
    def filled(self) -> dict[str, dict]:
        return arguments(self)

    @cached_property
    def shown_in_admin(self) -> dict[str, object]:
        return admin_objects(self)


def make_things(world: World, ground: Ground, teacher: Person, secretary: Person, mark: str = "") -> Things:
    film = Film.objects.create(
        author=teacher,
        group=ground.group,
        project=record_of(teacher, ground.group),
        title=f"Une dictée{mark}",
        state=FilmState.READY,
        duration_s=12,
        output="1",
        ready_at=timezone.now(),
        playable_at=timezone.now(),
    )
    publish(film)
    default_storage.delete(media_key(film.pk, film.output, "poster.jpg"))
    default_storage.save(media_key(film.pk, film.output, "poster.jpg"), ContentFile(picture()))
    for paper in Scan.objects.filter(recorded__project=film.project):
        default_storage.save(scan_key(film.project_id, paper.pk, paper.kind), ContentFile(b"%PDF-1.7"))
    default_storage.save(media_key(film.pk, film.output, "film.mp4"), ContentFile(b"a film to keep"))
    sent = Upload.objects.create(owner=teacher, film=film, file_name=f"séance{mark}.mp4", size_bytes=4, offset_bytes=4)
    default_storage.save(source_key(sent.pk), ContentFile(b"film"))
    token = f"jeton-{ground.departement.code}"
    Invitation.objects.create(
        person=person(f"invitee{ground.departement.code}@ecole.test", f"Inès{mark}", "Nouvelle"),
        digest=digest_of(token),
        expires_at=timezone.now() + timedelta(days=7),
    )
    moment = Moment.objects.create(film=film, author=teacher, at_s=3, text=f"Un silence{mark}")
    return Things(
        ground=ground,
        teacher=teacher,
        film=film,
        removed_film=Film.objects.create(
            author=teacher,
            group=ground.group,
            project=film.project,
            title=f"Une ancienne dictée{mark}",
            state=FilmState.READY,
            duration_s=12,
            output="1",
            ready_at=timezone.now(),
            playable_at=timezone.now(),
            removed_at=timezone.now(),
        ),
        decision=DpoDecision.objects.create(
            departement=ground.departement,
            kind=DpoDecision.Kind.ONE_HOLDER,
            reference=f"N1{mark}",
            officer=f"Déléguée{mark}",
            starts_on=world.year.first_day,
        ),
        agreement=film.project.people.get(pupil=False).agreements.get(),
        moment=moment,
        reply=moment.replies.create(author=teacher, text=f"Oui{mark}"),
        removed_reply=moment.replies.create(author=teacher, text=f"Non{mark}", deleted_at=timezone.now()),
        removed=Moment.objects.create(film=film, author=teacher, at_s=5, text=f"Oups{mark}", deleted_at=timezone.now()),
        upload=Upload.objects.create(owner=teacher, file_name=f"classe{mark}.mp4", size_bytes=10),
        observing=observation_things(film, teacher, mark),
        excerpt=excerpt_of(film, teacher, title=f"Le silence{mark}"),
        removed_excerpt=excerpt_of(film, teacher, title=f"Retiré{mark}", removed_at=timezone.now()),
        collected=collection_things(film, teacher, mark),
        sheets=sheet_things(film, teacher, mark),
        notice=Notice.objects.create(person=teacher, kind="probe", key="1", title=f"Un avis{mark}", path="/"),
        run=ImportRun.objects.create(
            kind=ImportRun.Kind.SCHOOLS, district=ground.district, file_name=f"ecoles{mark}.csv", started_by=secretary
        ),
        derogation=Derogation.objects.create(
            district=ground.district,
            reference=f"D1{mark}",
            authority="Recteur",
            allows="Filmer.",
            starts_on=world.year.first_day,
            ends_on=world.year.last_day,
        ),
        export=make_export(teacher),
        batch=make_batch(secretary, mark),
        issued=make_issued(ground, teacher, secretary, mark),
        captions=CaptionTrack.objects.create(
            film=film, rows=[[1000, 2500, f"Bonjour{mark}"]], text=f"Bonjour{mark}", shown_at=timezone.now()
        ),
        removed_captions=CaptionTrack.objects.create(film=film, language="en", removed_at=timezone.now()),
        area=area_of(blurring_of(film), thumbnail=picture()),
        invitation=token,
        supplied=[supply(Scene(world, ground, teacher, secretary, mark)) for supply in SUPPLIERS],
    )


def make_export(teacher: Person) -> DataExport:
    export = DataExport(person=teacher, state=ExportState.READY)
    export.archive = default_storage.save(f"{export.folder}/1.zip", ContentFile(b"PK"))
    export.save(force_insert=True)
    return export


def make_batch(secretary: Person, mark: str) -> LetterBatch:
    batch = LetterBatch(template="recording_consent", title=f"Convocations{mark}", letter_count=2, asked_by=secretary)
    batch.pdf = default_storage.save(f"{batch.folder}/1.pdf", ContentFile(b"%PDF-1.7"))
    batch.archive = default_storage.save(f"{batch.folder}/1.zip", ContentFile(b"PK"))
    batch.state = BatchState.READY
    batch.save(force_insert=True)
    return batch


def make_issued(ground: Ground, teacher: Person, secretary: Person, mark: str) -> IssuedDocument:
    return IssuedDocument.objects.create(
        code=ground.departement.code.rjust(28, "A"),
        kind="Attestation de présence",
        recipient=f"{teacher.get_full_name()}{mark}",
        subject=f"Journée des partages{mark}",
        authority=f"Circonscription{mark}",
        issued_on=timezone.localdate(),
        person=teacher,
        district=ground.district,
        issued_by=secretary,
    )


def picture() -> bytes:
    """A small grey poster."""
    file = BytesIO()
    Image.new("RGB", (320, 180), "grey").save(file, "JPEG")
    return file.getvalue()


def admin_objects(things: Things) -> dict[str, object]:
    """The object that an admin page shows, by name of its model."""
    ground, membership = things.ground, things.teacher.memberships.first()
    made: dict[str, object] = {
        "person": things.teacher,
        "posting": things.teacher.postings.first(),
        "school": ground.schools[0],
        "district": ground.district,
        "departement": ground.departement,
        "institution": ground.institution,
        "derogation": things.derogation,
        "network": ground.network,
        "mutualisationgroup": ground.group,
        "dpodecision": things.decision,
        "membership": membership,
        "importrun": things.run,
        "issueddocument": things.issued,
        "schoolyear": membership.school_year,
    }
    for one in reversed(things.supplied):
        made |= one.admin
    return made


OF_PROJECT = (
    "project_page",
    "project_edit",
    "project_update",
    "project_delete",
    "project_declare",
    "project_inform",
    "project_forms",
    "pupils_add",
    "adults_add",
)
OF_RECORDED = ("recorded_page", "recorded_form", "recorded_agree", "recorded_remove")

OF_BLURRING = ("search", "choose", "voices", "apply", "again", "give_up", "approve")


def arguments(things: Things) -> dict[str, dict]:
    """What fills the holes of each URL that has some, by URL name."""
    film = {"film_id": things.film.pk}
    moment = film | {"moment_id": things.moment.pk}
    agreement = things.agreement
    project = {"project_id": things.film.project_id}
    recorded = project | {"recorded_id": agreement.recorded_id}
    captions = film | {"track_id": things.captions.pk}
    area = film | {"area_id": things.area.pk}
    notice, run = {"pk": things.notice.pk}, {"pk": things.run.pk}
    leave = {"signed": unsubscribing.token(things.teacher, unsubscribing.DIGEST)}
    batch, issued = {"pk": things.batch.pk}, {"pk": things.issued.pk}
    undo = {"signed": unsubscribing.undo_token(things.teacher, {})}
    supplied = {name: holes for one in things.supplied for name, holes in one.urls.items()}
    return (
        supplied
        | observing_arguments(things)
        | {
            "videos:film_page": film,
            "videos:film_protection": film,
            "videos:film_protect": film,
            "videos:film_absence": film | {"recorded_id": agreement.recorded_id},
            **{f"videos:{name}": project for name in OF_PROJECT},
            **{f"videos:{name}": recorded for name in OF_RECORDED},
            "videos:recorded_decline": recorded | {"agreement_id": agreement.pk},
            "videos:scan": {"scan_id": agreement.scan_id},
            "videos:withdrawal": {"key": agreement.key},
            "videos:withdrawal_confirm": {"key": agreement.key},
            "videos:film_media": film | {"name": "master.m3u8"},
            **{f"videos:film_{verb}": film for verb in ("describe", "description_save", "figures", "withdraw")},
            **{f"videos:film_{verb}": film for verb in ("replace", "removal", "remove")},
            **{f"videos:film_{verb}": {"film_id": things.removed_film.pk} for verb in ("restore", "erase")},
            "videos:film_retry": film,
            "videos:film_download": film,
            "videos:film_original": film,
            "videos:film_allow_download": film,
            "videos:moment_create": film,
            "videos:film_state": film,
            "videos:film_discussion": film,
            "videos:moment_export": film | {"form": "csv"},
            **{f"videos:moment_{verb}": moment for verb in ("edit", "update", "settle", "reopen", "delete")},
            "videos:reply_new": moment,
            "videos:reply_create": moment,
            **{f"videos:reply_{verb}": moment | {"reply_id": things.reply.pk} for verb in ("edit", "update", "delete")},
            "videos:reply_restore": moment | {"reply_id": things.removed_reply.pk},
            "videos:moment_restore": film | {"moment_id": things.removed.pk},
            "videos:position_save": film,
            "videos:chapters_save": film,
            "videos:chapters_file": film,
            "videos:blurring": film,
            **{f"videos:blurring_{verb}": film for verb in OF_BLURRING},
            "videos:area_list": film,
            "videos:area_draw": film,
            "videos:area_redraw": area,
            "videos:area_thumbnail": area,
            "videos:captions": film,
            "videos:captions_import": film,
            "videos:captions_start": film,
            "videos:captions_listen": film,
            "videos:captions_edit": captions,
            "videos:captions_save": captions,
            "videos:captions_shift": captions,
            "videos:captions_undo": captions,
            "videos:captions_show": captions,
            "videos:captions_delete": captions,
            "videos:captions_restore": film | {"track_id": things.removed_captions.pk},
            "videos:transcript": captions,
            "videos:captions_file": captions | {"form": "vtt"},
            "videos:upload": {"upload_id": things.upload.pk},
            "videos:upload_index": {"upload_id": things.upload.pk},
            "networks:group_page": {"pk": things.ground.group.pk},
            "portal:notice_open": notice,
            "portal:notice_read": notice,
            "portal:school_page": {"uai": things.ground.schools[0].uai},
            "portal:person_page": {"pk": things.teacher.pk},
            "portal:notice_restore": undo,
            "portal:unsubscribe": leave,
            "portal:unsubscribed": undo,
            "imports:run_new": {"slug": "ecoles"},
            "imports:run_upload": {"slug": "ecoles"},
            "imports:template": {"slug": "ecoles", "form": "csv"},
            "imports:run_detail": run,
            "imports:run_report": run,
            "imports:run_apply": run,
            "imports:run_drop": run,
            "documents:batch_page": batch,
            "documents:batch_download": batch | {"form": "pdf"},
            "documents:batch_retry": batch,
            "documents:batch_forget": batch,
            "documents:verify_document": {"code": things.issued.code},
            "documents:document_withdraw": issued,
            "documents:document_restore": issued,
            # Keys that open nothing: what they open is tested with the real links, where they are made.
            "account_confirm_email": {"key": "x"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
            "mfa_remove_webauthn": {"pk": 999_999},
            "mfa_edit_webauthn": {"pk": 999_999},
            "invitation_accept": {"token": things.invitation},
        }
    )


def observing_arguments(things: Things) -> dict[str, dict]:
    """The same, for grids and observations."""
    film, seen = {"film_id": things.film.pk}, things.observing
    excerpt = film | {"excerpt_id": things.excerpt.pk}
    collection = {"collection_id": things.collected.kept.pk}
    item = collection | {"item_id": things.collected.item.pk}
    sheet = {"sheet_id": things.sheets.kept.pk}
    document = sheet | {"document_id": things.sheets.document.pk}
    grid, draft = {"grid_id": seen.used.pk}, {"grid_id": seen.draft.pk}
    criterion = draft | {"criterion_id": seen.criterion.pk}
    going, finished, shown = (film | {"round_id": one.pk} for one in (seen.going, seen.finished, seen.shown))
    return {
        "videos:grid_page": draft,
        "videos:grid_update": draft,
        "videos:grid_version": grid,
        "videos:grid_copy": grid,
        "videos:grid_remove": draft,
        "videos:grid_restore": {"grid_id": seen.removed_grid.pk},
        "videos:criterion_create": draft,
        "videos:criterion_update": criterion,
        "videos:criterion_move": criterion,
        "videos:criterion_remove": criterion,
        "videos:criterion_restore": draft | {"criterion_id": seen.removed_criterion.pk},
        "videos:excerpt_list": film,
        "videos:excerpt_create": film,
        "videos:excerpt_page": excerpt,
        "videos:excerpt_update": excerpt,
        "videos:excerpt_remove": excerpt,
        "videos:excerpt_restore": film | {"excerpt_id": things.removed_excerpt.pk},
        "videos:film_rounds": film,
        "videos:round_open": film,
        "videos:round_page": going,
        "videos:round_invite": going,
        "videos:round_remove": going,
        "videos:round_restore": film | {"round_id": seen.removed_round.pk},
        "videos:round_close": finished,
        "videos:round_csv": shown,
        "videos:round_pdf": shown,
        **{f"videos:collection_{verb}": collection for verb in ("page", "update", "remove")},
        "videos:collection_restore": {"collection_id": things.collected.removed.pk},
        "videos:item_create": collection,
        **{f"videos:sheet_{verb}": sheet for verb in ("page", "pdf", "edit", "update", "remove", "attach")},
        "videos:sheet_restore": {"sheet_id": things.sheets.removed.pk},
        "videos:sheet_document": document,
        "videos:document_remove": document,
        "videos:document_restore": document,
        **{f"videos:item_{verb}": item for verb in ("move", "remove", "restore")},
        "videos:entry_create": going,
        "videos:entry_remove": going | {"entry_id": seen.entry.pk},
        "videos:entry_restore": going | {"entry_id": seen.entry.pk},
        "videos:observation_finish": going,
        "videos:observation_reopen": finished,
    }


def url_of(route: Route, things: Things) -> str:
    """The address of a route, its holes filled with the objects of `things`."""
    filled = things.filled
    if route.name in filled:
        return reverse(route.name, kwargs=filled[route.name])
    if route.name == "admin:app_list":
        return reverse(route.name, args=["circo"])
    if route.name.startswith("admin:") and route.pattern.pattern.converters:
        _, model_name, _ = route.name.removeprefix("admin:").rsplit("_", 2) if route.name.count("_") >= 2 else ("",) * 3
        made = things.shown_in_admin.get(model_name)
        return reverse(route.name, args=[made.pk if made else 999_999])
    return reverse(route.name)
