"""The copies of other people's browser code are the very files that the lock and the copy script gave."""

import base64
import hashlib
import json

from django.conf import settings

DIGESTS = settings.BASE_DIR / "static/vendor/empreintes.json"
FOLDERS = ("static/vendor", "templates/components/icons", "tests/vendor")


def test_vendored_files_are_the_recorded_ones():
    recorded = json.loads(DIGESTS.read_text())
    found = {
        file.relative_to(settings.BASE_DIR).as_posix(): file.read_bytes()
        for folder in FOLDERS
        for file in (settings.BASE_DIR / folder).rglob("*")
        if file.is_file() and file != DIGESTS
    }

    digests = {
        name: "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode() for name, content in found.items()
    }

    assert digests == recorded  # a difference: run `npm ci --ignore-scripts && npm run vendor`


def test_every_package_keeps_its_licence():
    vendored = {file.parent for file in (settings.BASE_DIR / "static/vendor").rglob("*.js")}
    vendored |= {file.parent for file in (settings.BASE_DIR / "static/vendor").rglob("*.woff2")}

    assert vendored
    assert all((folder / "LICENSE").exists() for folder in vendored)
