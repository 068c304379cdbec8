"""Where a page says what a rule refuses: in the form, or above the next page. What follows the block is that answer.

if form.is_valid():
    with refusals_in(form, "text"):
        …
        return redirect(…)
return render(…, status=422)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from circo.errors import Refusal


@contextmanager
def refusals_to(tell: Callable[[Refusal], object]) -> Iterator[None]:
    """Hand to `tell` what a rule refuses in this block, and go on after it."""
    try:
        yield
    except Refusal as refusal:
        tell(refusal)


def refusals_in(form: BaseForm, field: str | None = None) -> AbstractContextManager[None]:
    """Write it beside a field of the form, or above them all."""
    return refusals_to(lambda refusal: form.add_error(field, str(refusal)))


def refusals_above(request: HttpRequest) -> AbstractContextManager[None]:
    """Say it above the next page, where nothing was typed."""
    return refusals_to(lambda refusal: messages.error(request, str(refusal)))
