"""The drawing of the house, proved: who may import whom, floor by floor, with no circle and no hidden import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("circo", "networks", "videos", "trainings", "events", "partnerships")
# Which of our apps each may import. The roof (settings, urls, celery, asgi, portal) sees all and is seen by none.
MAY_IMPORT = {
    "circo": set(),
    "networks": {"circo"},
    "videos": {"circo", "networks"},
    "trainings": {"circo", "networks", "videos"},
    "events": {"circo", "networks"},
    "partnerships": {"circo", "networks"},
}
ROOF = ("circo.settings", "circo.settings_test", "circo.urls", "circo.celery", "circo.asgi", "circo.portal")
# Inside an app, a module imports only floors above its own in this list; machines stand between queries and tasks.
FLOORS = [
    "errors",
    "moves",
    "rules",
    "dates",
    "access",
    "models",
    "registries",
    "queries",
    "MACHINE",
    "tasks",
    "actions",
    "forms",
    "views",
    "admin",
    "urls",
]


def modules() -> dict[str, Path]:
    found = {}
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            if "migrations" not in file.parts:
                name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found[name] = file
    return found


MODULES = modules()


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


@cache
def imports_of(module: str) -> frozenset[str]:
    """The modules of ours that `module` imports at run time, wherever the import stands in it."""
    tree = ast.parse(MODULES[module].read_text())
    for node in ast.walk(tree):
        if is_type_checking(node):
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in MODULES else node.module
                for alias in node.names
            }
    return frozenset(name for name in found if name.split(".")[0] in APPS)


def is_roof(module: str) -> bool:
    return any(module == roof or module.startswith(f"{roof}.") for roof in ROOF)


def test_there_is_something_to_check():
    assert len(MODULES) > 40
    assert "circo.access" in imports_of("circo.models.places")


def imports() -> Iterator[tuple[str, str]]:
    """Each import of one module of ours by another, the roof's own aside."""
    for module in sorted(name for name in MODULES if not is_roof(name)):
        for imported in sorted(imports_of(module)):
            yield module, imported


def test_imports_point_downwards():
    for module, imported in imports():
        own, app = module.split(".")[0], imported.split(".")[0]
        assert not is_roof(imported), f"{module} imports the roof: {imported}"
        assert app == own or app in MAY_IMPORT[own], f"{module} imports {imported}: an arrow that points upwards"


def floor(module: str) -> int | None:
    parts = module.split(".")[1:]
    if not parts or parts[0] in ("apps", "management", "templatetags"):
        return None
    # A package inside an app (circo.imports) has floors of its own: the last part names them. The admin is one floor.
    name = "admin" if "admin" in parts else next((part for part in reversed(parts) if part in FLOORS), None)
    return FLOORS.index(name or "MACHINE")


def test_a_module_imports_only_floors_above_its_own():
    for module, imported in imports():
        mine, other = floor(module), floor(imported)
        if mine is None or other is None or imported.split(".")[0] != module.split(".")[0]:
            continue
        assert other <= mine, f"{module} imports {imported}, of a lower floor"


def test_no_circle():
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"a circle: {' → '.join((*path[path.index(module) :], module))}"
        if module in done or module not in MODULES:
            return
        for imported in sorted(imports_of(module) - {module}):
            visit(imported, (*path, module))
        done.add(module)

    for module in sorted(MODULES):
        visit(module, ())
    assert len(done) == len(MODULES)


def test_no_import_inside_a_function():
    for module in sorted(MODULES):
        for function in ast.walk(ast.parse(MODULES[module].read_text())):
            if module.endswith(".apps") and getattr(function, "name", "") == "ready":
                continue  # Django's own rule: models exist only from there on
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                assert not inside, f"{module}:{inside[0]} imports inside {function.name}"


SCOPES = {
    "visible_to",
    "editable_by",
    "of_member",
    "reopenable_by",
    "restorable_by",
    "writable_by",
    "moderated_by",
    "joinable_by",
    "removable_by",
    "led_by",
    "followed_by",
    "attended_by",
}


def nodes_of(*parts: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the modules that have one of these names in theirs."""
    for module in sorted(name for name in MODULES if {*parts} & {*name.split(".")}):
        for node in ast.walk(ast.parse(MODULES[module].read_text())):
            yield module, node


def test_views_start_from_a_scope():
    """A view never says `Model.objects.get/filter/all…`: only a scope may follow `objects`."""
    for module, node in nodes_of("views"):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects":
            assert node.attr in SCOPES, f"{module}:{node.lineno} uses objects.{node.attr}: start from a scope"


def test_rules_are_pure():
    for module, node in nodes_of("rules", "moves"):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not any(name.startswith("django") for name in names), f"{module} imports Django: rules are pure"
