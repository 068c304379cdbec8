"""The page that shows every component, for those who build the others."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from circo import registries
from circo.access import signed_in
from circo.portal.forms import SampleForm


def icons() -> list[str]:
    """The names that `components/icon.html` knows."""
    return sorted(file.stem for file in (settings.BASE_DIR / "templates/components/icons").glob("*.svg"))


@signed_in
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"wrong-title": "Problèmes", "wrong-email": "amina", "wrong-pupils": "900"}, prefix="wrong")
    todo = registries.Todo(
        "Répondre à deux commentaires", "« Problèmes en CE1 » · Claire M.", "#", "comment", minutes=10
    )
    context = {
        "form": SampleForm(),
        "wrong": wrong,
        "todo": todo,
        "steps": [("Lire", "10 min", "done"), ("Essayer en classe", "40 min", "current"), ("Partager", "", "")],
        "tabs": [("À venir", "#", True), ("Passées", "#", False)],
        "facts": [("École", "Les Cerfs-Volants"), ("Classe", "")],
        "parents": [("Films", "#"), ("CE1", "#")],
        "page": Paginator(range(90), 30).page(2),
        "icons": icons(),
    }
    return render(request, "portal/components.html", context)
