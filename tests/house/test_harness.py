"""The traps of the harness catch what they are there for."""

import subprocess
import sys

import environ
import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Origin, Template, engines

from circo.models import NoticePreference
from tests.conftest import writes
from tests.processes import tagged, wait_for
from tests.videos.worker import postgres_url

SERVES_A_BUCKET = """
import sys, time
from pathlib import Path
import django
django.setup()
from tests.servers.s3 import s3_server
with s3_server(Path(sys.argv[1])):
    print("serving", flush=True)
    time.sleep(600)
"""


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


@pytest.mark.parametrize(
    "url",
    [
        "postgres://moi:a%2Fb%40c@127.0.0.1:5433/films",
        "postgres://postgres@/films?host=%2Ftmp%2Fserver",
        "postgres:///films?host=%2Ftmp%2Fserver&port=5433",
        "postgres://localhost/films?connect_timeout=5",
    ],
)
def test_a_worker_of_the_tests_is_told_where_their_database_is(url):
    """Over the network, or by a socket, whose folder is no host name."""
    told = environ.Env.db_url_config(url)
    assert environ.Env.db_url_config(postgres_url(told)) == told


def test_a_database_whose_host_is_a_folder_is_one_on_a_socket():
    told = {"NAME": "films", "USER": "moi", "PASSWORD": "", "HOST": "/tmp/server", "PORT": ""}
    assert environ.Env.db_url_config(postgres_url(told))["OPTIONS"] == {"host": "/tmp/server"}


@pytest.mark.service
def test_the_bucket_of_the_tests_ends_with_them(tmp_path):
    """Killed by force, they leave no server behind."""
    command = [sys.executable, "-W", "ignore", "-c", SERVES_A_BUCKET, str(tmp_path)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"serving\n"
        assert tagged(str(tmp_path), "cmdline")
        run.kill()
    wait_for(lambda: not tagged(str(tmp_path), "cmdline"), 5, "the server is gone")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compiles no query")
@pytest.mark.django_db
def test_postgresql_does_not_compile_queries():
    """One long query says who may see which film: compiled, it took 250 ms; as it is, 8."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
