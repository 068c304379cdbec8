"""Files of films on the disk: whole, in their place, and nowhere else."""

from uuid import uuid4

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from tests.videos.films import deposited
from videos import paths, storing
from videos.models import Upload


def folder_of(place, **files: bytes):
    folder = place / uuid4().hex
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def read(key: str) -> bytes:
    with default_storage.open(key) as file:
        return file.read()


def test_published_folder_takes_the_place_of_what_lay_there(tmp_path):
    storing.publish(folder_of(tmp_path, a=b"1", b=b"2"), "films/x/1")
    assert storing.keys("films/x") == ["films/x/1/a", "films/x/1/b"]
    again = folder_of(tmp_path, a=b"3")
    storing.publish(again, "films/x/1")
    assert (storing.keys("films"), read("films/x/1/a")) == (["films/x/1/a"], b"3")
    assert not again.exists()


def test_one_file_is_put_in_place_of_another(tmp_path):
    for content in (b"1", b"2"):
        storing.put(folder_of(tmp_path, a=content) / "a", "films/x/1/poster.jpg")
    assert read("films/x/1/poster.jpg") == b"2"
    assert storing.keys("films/x/1") == ["films/x/1/poster.jpg"]


def test_removing_what_is_there_or_not(tmp_path):
    storing.publish(folder_of(tmp_path, a=b"1", b=b"2"), "films/x/1")
    storing.publish(folder_of(tmp_path, a=b"1"), "films/xy/1")
    for prefix, left in (
        ("films/x/1/a", ["films/x/1/b", "films/xy/1/a"]),
        ("films/x", ["films/xy/1/a"]),
        ("films/x", ["films/xy/1/a"]),
        ("films/none", ["films/xy/1/a"]),
    ):
        storing.delete(prefix)
        assert storing.keys("films") == left, prefix
    assert storing.keys("films/none") == []


@pytest.mark.parametrize("key", ["../secret", "films/../../secret", "/etc/passwd"])
def test_no_key_leaves_the_storage(tmp_path, key):
    (tmp_path / "secret").write_text("x")
    for act in (storing.delete, storing.keys, lambda key: storing.put(tmp_path / "secret", key)):
        with pytest.raises(SuspiciousFileOperation):
            act(key)
    assert (tmp_path / "secret").exists()


def test_source_is_the_file_itself(world):
    upload = Upload.objects.get(film=deposited(b"0123", world.amina, world.here.group))
    with storing.source_file(upload) as file:
        assert (file, file.read_bytes()) == (paths.source(upload.pk), b"0123")
    assert file.exists()
    file.unlink()
    with pytest.raises(FileNotFoundError), storing.source_file(upload):
        pass
