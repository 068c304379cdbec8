"""Static files as the demonstration serves them: where they lie, under ASGI, without a stream."""

import asyncio

import pytest
from django.test import AsyncClient
from django.test.utils import override_settings

URL = "/static/css/base.css"
AS_DEMO = override_settings(WHITENOISE_USE_FINDERS=True, STATIC_ROOT=None)


def visit(**headers):
    with AS_DEMO:
        return asyncio.run(AsyncClient().get(URL, headers=headers))


def test_a_file_comes_whole(settings):
    response = visit()
    assert response.status_code == 200
    assert response.content == (settings.BASE_DIR / "static/css/base.css").read_bytes()
    assert response["Content-Type"].startswith("text/css")
    assert response["Content-Length"] == str(len(response.content))
    assert "Access-Control-Allow-Origin" not in response


def test_a_file_that_the_browser_has_is_not_sent_again():
    response = visit(if_none_match=visit()["ETag"])
    assert response.status_code == 304
    assert response.content == b""


def test_a_part_of_a_file():
    whole, part = visit().content, visit(range="bytes=10-19")
    assert part.status_code == 206
    assert part.content == whole[10:20]


def test_head_and_other_verbs():
    with AS_DEMO:
        client = AsyncClient()
        head, post = asyncio.run(client.head(URL)), asyncio.run(client.post(URL))
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) > 0
    assert post.status_code == 405


@AS_DEMO
def test_the_canary_whitenoise_streams_and_django_warns(settings):
    settings.MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
    with pytest.warns(Warning, match="must consume synchronous iterators"):
        asyncio.run(read(URL))


async def read(url):
    response = await AsyncClient().get(url)
    return b"".join([chunk async for chunk in response])
