"""What the shell around every page reads: the platform's identity, and the person's places in the navigation.

Nothing is read before a template asks for it, so that an error page costs no query and can be drawn without a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from circo.access import Permission
from circo.models import Notice
from circo.rules import Role

# The places of the navigation, in order: five at most, what a thumb can choose from at the bottom of a phone.
PLACES = [
    ("À faire", "portal:home", "todo"),
    ("Films", "videos:film_list", "film"),
    ("Groupes", "networks:group_list", "group"),
    ("Salons", "networks:salon_list", "comment"),
    ("Agenda", "calendar:agenda", "calendar"),
]

ACCOUNT = [
    ("Mon profil", "portal:profile", "person", None),
    ("Mon année", "portal:year", "calendar", None),
    ("Mes parcours", "trainings:mine", "todo", Permission.DEPOSIT_FILM),
    ("Mes heures", "hours:mine", "clock", None),
    ("Mes avis", "portal:notices", "bell", None),
    ("Mes groupes", "networks:group_list", "group", None),
    ("Visites de classes", "networks:site_list", "eye", None),
    ("Journées des partages", "events:day_list", "calendar", None),
    ("Mes remplacements", "events:mission_list", "school", Role.SUBSTITUTE),
    ("Remplacements dans mon école", "events:hosted_list", "school", Role.HEAD_TEACHER),
    ("Fête de l’apprendre", "events:festival_list", "sprout", None),
    ("Tiers-lieux", "networks:place_list", "school", None),
    ("Mes stages", "partnerships:mine", "school", Role.STUDENT),
    ("Étudiants dans ma classe", "partnerships:offer_mine", "school", Permission.OFFER_CLASS),
    ("Atelier des parcours", "trainings:path_list", "pencil", Permission.WRITE_PATHS),
    ("Étudiants dans mon école", "partnerships:hosting", "school", Role.HEAD_TEACHER),
    ("Double vérification", "mfa_index", "key", None),
    ("Pilotage", "portal:steering", "chart", Permission.VIEW_TEAM),
    ("Administration", "admin:index", "settings", Permission.USE_ADMIN),
    ("Les 18 heures", "hours:entry_list", "check", Permission.VIEW_HOURS),
    ("Brigade", "events:brigade_list", "group", Permission.VIEW_BRIGADE),
    ("Stages", "partnerships:home", "group", Permission.MANAGE_STUDENTS),
    ("Imports", "imports:run_list", "import", Permission.USE_IMPORTS),
    ("Aide", "portal:help", "help", None),
]


OF_CLASSES = (Permission.OFFER_CLASS, Permission.DEPOSIT_FILM)  # who has a class: no role opens anything by these


@dataclass(frozen=True)
class Place:
    label: str
    url: str
    icon: str
    current: str = ""  # the value of aria-current: "page" here, "true" somewhere below


class Shell:
    """Read by `base.html` through its properties."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.home_url = reverse("portal:home")
        login = reverse("account_login")
        self.sign_in_url = "" if request.path == login else login
        self.sign_out_url = reverse("account_logout")

    @cached_property
    def person(self):
        return getattr(self.request, "user", None)  # a request refused by the first middlewares has none

    @cached_property
    def signed_in(self) -> bool:
        return bool(self.person and self.person.is_authenticated)

    @cached_property
    def places(self) -> list[Place]:
        return [self._place(*place) for place in PLACES]

    @cached_property
    def account_entries(self) -> list[Place]:
        allowed = ((label, name, icon) for label, name, icon, needed in ACCOUNT if not needed or self._can(needed))
        return [Place(label, reverse(name), icon) for label, name, icon in allowed]

    @cached_property
    def team_entries(self) -> list[Place]:
        """What a role opens beside the teachers' pages: on the home page, one need not look for it in the menu."""
        opened = {reverse(name) for _, name, _, needed in ACCOUNT if needed and needed not in OF_CLASSES}
        return [entry for entry in self.account_entries if entry.url in opened]

    @cached_property
    def deposit_url(self) -> str:
        return reverse("videos:film_deposit") if self._can(Permission.DEPOSIT_FILM) else ""

    @cached_property
    def search_url(self) -> str:
        return reverse("portal:search")

    @cached_property
    def notices_url(self) -> str:
        return reverse("portal:notices")

    @cached_property
    def unread(self) -> int:
        return Notice.objects.visible_to(self.person).unread().count()

    def _can(self, needed: Permission | Role) -> bool:
        if not self.signed_in:
            return False
        reach = self.person.reach()
        return needed in reach.roles if isinstance(needed, Role) else reach.can(needed)

    def _place(self, label: str, name: str, icon: str) -> Place:
        url = reverse(name)
        return Place(label, url, icon, self._current(name, url))

    def _current(self, name: str, url: str) -> str:
        if self.request.path == url:
            return "page"
        here, app = getattr(self.request.resolver_match, "app_name", ""), name.partition(":")[0]
        # The pages of the portal itself lie under no place but their own.
        if app == "portal" or here != app:
            return ""
        # Of two places of one app, the one whose address begins this page's.
        rivals = [reverse(other) for _, other, _ in PLACES if other.partition(":")[0] == app]
        nearest = max((one for one in rivals if self.request.path.startswith(one)), key=len, default=rivals[0])
        return "true" if url == nearest else ""


def shell(request: HttpRequest) -> dict:
    return {"platform": settings.PLATFORM, "demo": settings.DEMO, "shell": Shell(request)}
