"""Settings of films that contradict each other stop the platform before it starts."""

import pytest

from videos.checks import films_are_where_they_are_sent_from

BUCKET = {
    "bucket": "films",
    "endpoint": "https://s3.example",
    "public_endpoint": "https://s3.example",
    "access_key": "a",
    "secret_key": "b",
    "region": "eu",
}
NONE = dict.fromkeys(BUCKET, "")


@pytest.mark.parametrize(
    ("way", "s3", "https", "found"),
    [
        ("django", NONE, True, []),
        ("nginx", NONE, True, []),
        ("s3", BUCKET, True, []),
        ("ftp", NONE, True, ["videos.E001"]),
        ("django", BUCKET, True, ["videos.E002"]),
        ("nginx", BUCKET, True, ["videos.E002"]),
        ("s3", NONE, True, ["videos.E003"]),
        ("s3", BUCKET | {"secret_key": ""}, True, ["videos.E003"]),
        ("s3", BUCKET | {"public_endpoint": "http://s3.example"}, True, ["videos.E004"]),
        ("s3", BUCKET | {"public_endpoint": "http://s3.example"}, False, []),
    ],
)
def test_where_films_lie_and_who_sends_them_agree(settings, way, s3, https, found):
    settings.MEDIA_DELIVERY, settings.S3, settings.HTTPS = way, s3, https
    assert [fault.id for fault in films_are_where_they_are_sent_from(None)] == found
