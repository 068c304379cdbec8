"""The traps of the harness catch what they are there for."""

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from circo.models import NoticePreference
from tests.conftest import writes


def template(text: str, folder: str) -> Template:
    return Template(text, origin=Origin(f"{folder}/page.html"), engine=engines["django"].engine)


def test_undefined_variable_of_our_templates_fails():
    with pytest.raises(pytest.fail.Exception, match="nobody_gives_this"):
        template("{{ nobody_gives_this.name }}", str(settings.BASE_DIR / "templates")).render(Context())


def test_undefined_variable_of_other_peoples_templates_is_their_business():
    assert template("{{ nobody_gives_this }}", "elsewhere").render(Context()) == ""


def test_unordered_rows_come_last_first(world):
    for kind in "abc":
        NoticePreference.objects.create(person=world.amina, kind=kind, delivery="NONE")
    assert [row.kind for row in NoticePreference.objects.all()] == ["c", "b", "a"]
    assert [row.kind for row in NoticePreference.objects.order_by("kind")] == ["a", "b", "c"]
    assert NoticePreference.objects.count() == 3


def test_a_write_is_seen(world):
    with writes() as seen:
        world.amina.save()
    assert seen
