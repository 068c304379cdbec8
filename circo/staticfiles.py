"""Static files: their names carry their content's digest in production; they are served by WhiteNoise."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


class Middleware(WhiteNoiseMiddleware):
    """WhiteNoise under ASGI. Its own file response is a synchronous stream, which Django reads whole under ASGI anyway,
    with a warning at each file: this one reads it, quietly. Our files weigh at most a few hundred kilobytes."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
