"""What nothing uses is deleted: templates, components, icons, CSS classes, names of URLs."""

import re
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.template.utils import get_app_template_dirs

from circo.portal.context import ACCOUNT, PLACES
from tests.house.routes import routes

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
GALLERY = TEMPLATES / "portal/components.html"  # shows each component: that is no use of it
APPS = ("circo", "networks", "videos", "trainings", "events", "partnerships")

# Kept though nothing of ours names them, and why.
KEPT_TEMPLATES = {"429.html": "allauth answers with it to too many attempts"}
KEPT_COMPONENTS: dict[str, str] = {}
KEPT_CLASSES = {
    "htmx-request": "set by htmx while it waits",
    "field-account": "Django’s admin names the cells of a list after their column",
}
KEPT_NAMES = {
    "account_reauthenticate": "allauth leads there",
    "account_reset_password_done": "allauth leads there",
    "account_reset_password_from_key_done": "allauth leads there",
    "account_set_password": "allauth leads there whoever has none",
    "mfa_reauthenticate": "allauth offers it to who must prove to be oneself",
    "portal:components": "for who builds pages, and types the address",
}


@cache
def text_of(*patterns: str, but: tuple[Path, ...] = ()) -> str:
    files = [file for pattern in patterns for file in sorted(ROOT.glob(pattern)) if "vendor" not in file.parts]
    assert files, patterns
    return "\n".join(file.read_text() for file in files if file not in but)


@cache
def python(*but: str) -> str:
    files = [file for app in APPS for file in sorted((ROOT / app).rglob("*.py")) if file.name not in but]
    return "\n".join(file.read_text() for file in files)


def templates(*but: Path) -> str:
    return text_of("templates/**/*.html", "templates/**/*.txt", but=but)


def unused(kind: str, found: set[str], used: set[str], kept: dict[str, str] | None = None) -> None:
    """Fail for what is there and not used, and for what the list keeps without need."""
    kept = set(kept or ())
    assert len(found) > 10, f"no {kind} to look at"
    left, needless = found - used - kept, kept & used | kept - found
    assert not left, f"{kind} that nothing uses: {sorted(left)}"
    assert not needless, f"{kind} that the list keeps without need: {sorted(needless)}"


def test_templates_are_shown():
    ours = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*") if file.suffix in (".html", ".txt")}
    code = templates() + python()
    named = {name for name in ours if f'"{name}"' in code}
    mails = {name for name in ours if (stem := Path(name).stem) and name.startswith("mails/") and f'="{stem}"' in code}
    overriding = {name for name in ours for folder in get_app_template_dirs("templates") if (folder / name).exists()}
    unused("templates", ours, named | mails | overriding, KEPT_TEMPLATES)


def test_components_are_included():
    ours = {file.name for file in (TEMPLATES / "components").glob("*.html")}
    code = templates(GALLERY) + python()
    unused("components", ours, {name for name in ours if f'"components/{name}"' in code}, KEPT_COMPONENTS)


def test_icons_are_drawn():
    ours = {file.stem for file in (TEMPLATES / "components/icons").glob("*.svg")}
    used = set(re.findall(r'icons/([\w-]+)\.svg|icon="([\w-]+)"', templates(GALLERY) + python()))
    unused("icons", ours, {name for pair in used for name in pair} | {entry[2] for entry in (*PLACES, *ACCOUNT)})


def test_classes_are_worn():
    rules = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", text_of("static/css/*.css"), flags=re.DOTALL)
    ours = set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"[\w-]+:[^;{}]*[;}]", "", rules)))
    admin = Path(django.__file__).parent / "contrib/admin/static/admin"
    others = "\n".join(file.read_text() for file in (admin / "css").glob("*.css"))
    code = templates() + python() + text_of("static/js/*.js") + others
    words = set(re.findall(r"[\w-]+", code))
    made = set(re.findall(r"([\w-]+--)\{\{", code))  # class="alert--{{ kind }}"
    modified = {name for name in ours for stem in made if name.startswith(stem) and f'"{name[len(stem) :]}"' in code}
    unused("CSS classes", ours, words & ours | modified, KEPT_CLASSES)


def test_names_of_urls_are_reversed():
    ours = {route.name for route in routes() if not route.name.startswith("admin:")}
    code = templates() + python("urls.py", "third_party.py")
    unused("names of URLs", ours, {name for name in ours if re.search(f"[\"']{name}[\"']", code)}, KEPT_NAMES)
