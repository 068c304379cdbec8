"""Salons for the tests, and what they add to the sweeps."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from circo.models import Person
from networks.models import Post, PostFile, PostReport, Salon, SalonOpening, SalonReading
from networks.salons import actions, keeping
from tests.house.supplying import Scene, Supplied
from tests.world import Ground

OF_SALON = ("page", "edit", "update", "archive", "reopen", "changes", "export", "read")
OF_POST = ("page", "update", "remove", "react", "pin", "report", "hide")


def salon_of(place: object, **fields: object) -> Salon:
    """A salon of a group, a network or a district."""
    name = {"MutualisationGroup": "group", "Network": "network", "District": "district"}[type(place).__name__]
    fields.setdefault("title", "Le coin café")
    return Salon.objects.create(**{name: place}, **fields)


def theme_of(ground: Ground, *districts: object, **fields: object) -> Salon:
    """A theme opened to these districts."""
    fields.setdefault("title", "L’écriture au cycle 2")
    salon = Salon.objects.create(departement=ground.departement, **fields)
    SalonOpening.objects.bulk_create(SalonOpening(salon=salon, district=one) for one in districts)
    return salon


def say(salon: Salon, by: Person, text: str = "Bonjour à tous", **fields: object) -> Post:
    return actions.write_post(salon=salon, text=text, by=by, **fields)


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (32, 18), "grey").save(written, "JPEG")
    return written.getvalue()


def file_of(post: Post, name: str = "photo.jpg") -> PostFile:
    file = PostFile.objects.create(post=post, kind="jpg", name=name, size_bytes=3)
    default_storage.save(keeping.key_of(file), ContentFile(picture()))
    return file


def supply(scene: Scene) -> Supplied:
    """A salon of the group, with a message of the teacher that was reported, one hidden, one just removed."""
    salon = salon_of(scene.ground.group, title=f"Le coin café{scene.mark}", created_by=scene.teacher)
    post = say(salon, scene.teacher, f"Bonjour{scene.mark}")
    file = file_of(post, name=f"photo{scene.mark}.jpg")
    hidden, removed = say(salon, scene.teacher, f"Caché{scene.mark}"), say(salon, scene.teacher, f"Parti{scene.mark}")
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now(), hidden_reason=f"Hors sujet{scene.mark}")
    Post.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    report = PostReport.objects.create(post=post, reporter=scene.secretary, word=f"À voir{scene.mark}")
    of_another = Post.objects.create(
        salon=salon, author=scene.secretary, text=f"Ah{scene.mark}", seq=90, changed_seq=90
    )
    PostReport.objects.create(post=of_another, reporter=scene.teacher, word=f"Hum{scene.mark}")
    post.reactions.create(person=scene.teacher, code="merci")
    SalonReading.objects.create(salon=salon, person=scene.teacher, read_seq=1)
    one, message = {"pk": salon.pk}, {"pk": salon.pk, "seq": post.seq}
    return Supplied(
        urls={
            **{f"networks:salon_{verb}": one for verb in OF_SALON},
            **{f"networks:post_{verb}": message for verb in OF_POST},
            "networks:quote_cards": one,
            "networks:post_create": one,
            "networks:post_restore": {"pk": salon.pk, "seq": removed.seq},
            "networks:post_show": {"pk": salon.pk, "seq": hidden.seq},
            "networks:post_file": {"file_id": file.pk},
            "networks:report_decide": {"report_id": report.pk},
        }
    )
