"""Files that a view writes at once, for somebody to keep: a table, a letter, a calendar. The platform keeps none."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "vtt": "text/vtt; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def download(content: bytes | str, name: str) -> HttpResponse:
    """Answer with a file to keep, of the type that the ending of its name says."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], headers=headers)
