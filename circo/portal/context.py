"""What the shell around every page reads: the platform's identity, and the person's places in the navigation.

Nothing is read before a template asks for it, so that an error page costs no query and can be drawn without a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from circo.access import Permission
from circo.models import Notice

# The places of the navigation, in order. One whose page does not exist yet is not shown.
PLACES = [
    ("À faire", "portal:home", "todo"),
    ("Films", "videos:film_list", "film"),
    ("Salons", "networks:salon_list", "salon"),
    ("Parcours", "trainings:path_list", "path"),
    ("Agenda", "events:calendar", "calendar"),
]
GROUPS = ("Groupes", "networks:group_list", "group")  # stands in the bar until the salons do
FIVE = 5  # what a thumb can choose from at the bottom of a phone

ACCOUNT = [
    ("Mon profil", "portal:profile", "person", None),
    ("Mon année", "portal:year", "calendar", None),
    ("Mes avis", "portal:notices", "bell", None),
    ("Mes groupes", "networks:group_list", "group", None),
    ("Double vérification", "mfa_index", "key", None),
    ("Administration", "admin:index", "settings", Permission.USE_ADMIN),
    ("Imports", "imports:run_list", "import", Permission.IMPORT),
    ("Aide", "portal:help", "help", None),
]


@dataclass(frozen=True)
class Place:
    label: str
    url: str
    icon: str
    current: str = ""  # the value of aria-current: "page" here, "true" somewhere below


def url_of(name: str) -> str:
    """Return the address of a page, or nothing if no app of this house has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Shell:
    """Read by `base.html` through its properties."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.home_url = url_of("portal:home")
        login = url_of("account_login")
        self.sign_in_url = "" if request.path == login else login
        self.sign_out_url = url_of("account_logout")

    @cached_property
    def person(self):
        return getattr(self.request, "user", None)  # a request refused by the first middlewares has none

    @cached_property
    def signed_in(self) -> bool:
        return bool(self.person and self.person.is_authenticated)

    @cached_property
    def places(self) -> list[Place]:
        places = [place for label, name, icon in PLACES if (place := self._place(label, name, icon))]
        if len(places) < FIVE and (groups := self._place(*GROUPS)):
            places.append(groups)
        return places

    @cached_property
    def account_entries(self) -> list[Place]:
        allowed = ((label, name, icon) for label, name, icon, needed in ACCOUNT if not needed or self._can(needed))
        return [Place(label, url, icon) for label, name, icon in allowed if (url := url_of(name))]

    @cached_property
    def team_entries(self) -> list[Place]:
        """What a role opens beside the teachers' pages: on the home page, one need not look for it in the menu."""
        opened = {url_of(name) for _, name, _, needed in ACCOUNT if needed}
        return [entry for entry in self.account_entries if entry.url in opened]

    @cached_property
    def deposit_url(self) -> str:
        return url_of("videos:film_deposit") if self._can(Permission.DEPOSIT_FILM) else ""

    @cached_property
    def search_url(self) -> str:
        return url_of("portal:search")

    @cached_property
    def notices_url(self) -> str:
        return url_of("portal:notices")

    @cached_property
    def unread(self) -> int:
        return Notice.objects.visible_to(self.person).unread().count()

    def _can(self, permission: Permission) -> bool:
        return self.signed_in and self.person.reach().can(permission)

    def _place(self, label: str, name: str, icon: str) -> Place | None:
        url = url_of(name)
        return Place(label, url, icon, self._current(name, url)) if url else None

    def _current(self, name: str, url: str) -> str:
        if self.request.path == url:
            return "page"
        here = getattr(self.request.resolver_match, "view_name", "")
        app, _, view = name.partition(":")
        if app == "portal" or not here.startswith(f"{app}:"):
            return ""
        return "true" if here.partition(":")[2].split("_")[0] == view.split("_")[0] else ""


def shell(request: HttpRequest) -> dict:
    return {"platform": settings.PLATFORM, "demo": settings.DEMO, "shell": Shell(request)}
