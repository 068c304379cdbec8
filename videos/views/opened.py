"""A form that stands open under one comment, and the parts of the page that htmx asks for."""

from dataclasses import dataclass

from django import forms

from videos.models import Moment, Reply

LIST = "videos/film/moments.html"
FORM = "videos/film/words_form.html"


@dataclass(frozen=True)
class Opened:
    """A form under `moment`: to change it, to answer it, or to change the answer `reply`."""

    form: forms.Form
    action: str
    title: str
    label: str
    moment: Moment
    reply: Reply | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether the form is that of a comment, with its place and its kind."""
        return "at_s" in self.form.fields
