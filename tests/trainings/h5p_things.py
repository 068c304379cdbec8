"""Small H5P packages, invented: one question in two, made of two libraries, and what a hostile author would put in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from trainings.documents import keep_package
from trainings.models import Step, StepDocument

SCRIPT = """
var H5P = H5P || {};
H5P.Devinette = (function ($) {
  function Devinette(params, id) {
    H5P.EventDispatcher.call(this);
    this.attach = function ($container) {
      var self = this;
      $container.addClass('devinette');
      $container.append($('<p>', {text: params.question}));
      $.each(params.answers, function (rank, text) {
        $('<button>', {type: 'button', text: text}).appendTo($container).on('click', function () {
          $container.append($('<p>', {text: rank === params.right ? H5P.Bravo.yes : H5P.Bravo.no}));
          self.trigger('resize');
          self.triggerXAPICompleted(rank === params.right ? 2 : 1, 2);
        });
      });
    };
  }
  Devinette.prototype = Object.create(H5P.EventDispatcher.prototype);
  return Devinette;
})(H5P.jQuery);
"""
BRAVO = "var H5P = H5P || {}; H5P.Bravo = {yes: 'Bravo.', no: 'Pas encore.'};"
STYLE = ".devinette { padding: 1rem; } .devinette button { min-height: 44px; margin-right: 1rem; color: #1b4332; }"
QUESTION = {"question": "Combien font deux et deux ?", "answers": ["trois", "quatre"], "right": 1}


def library(name: str, needs: str = "", **fields: object) -> str:
    """A `library.json`, which may ask for another library."""
    told = {"title": name, "machineName": name, "majorVersion": 1, "minorVersion": 0, "patchVersion": 3, "runnable": 1}
    asked = {"preloadedDependencies": [dependency(needs)]} if needs else {}
    return json.dumps({**told, **asked, **fields})


def dependency(name: str) -> dict[str, object]:
    return {"machineName": name, "majorVersion": 1, "minorVersion": 0}


def files(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The files of the package. `changed`: by a name of its own (`index`, `content`…); None takes it out."""
    index = {
        "title": "Devinette",
        "language": "fr",
        "mainLibrary": "H5P.Devinette",
        "embedTypes": ["div"],
        "license": "CC BY",
        "preloadedDependencies": [dependency("H5P.Devinette"), dependency("H5P.Bravo")],
    }
    js, css = [{"path": "scripts/devinette.js"}], [{"path": "styles/devinette.css"}]
    known: dict[str, tuple[str, str | bytes]] = {
        "index": ("h5p.json", json.dumps(index)),
        "content": ("content/content.json", json.dumps(QUESTION)),
        "picture": ("content/images/image.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "library": (
            "H5P.Devinette-1.0/library.json",
            library("H5P.Devinette", "H5P.Bravo", preloadedJs=js, preloadedCss=css),
        ),
        "script": ("H5P.Devinette-1.0/scripts/devinette.js", SCRIPT),
        "style": ("H5P.Devinette-1.0/styles/devinette.css", STYLE),
        "other": ("H5P.Bravo-1.0/library.json", library("H5P.Bravo", preloadedJs=[{"path": "bravo.js"}])),
        "bravo": ("H5P.Bravo-1.0/bravo.js", BRAVO),
        "licence": ("H5P.Bravo-1.0/LICENSE", "Inventée pour ces tests."),
        "hidden": ("H5P.Bravo-1.0/.eslintrc", "{}"),
    }
    found = {path: content for name, (path, content) in known.items() if name not in changed}
    return found | {known[name][0]: content for name, content in changed.items() if content is not None}


def packed(content: Mapping[str, str | bytes] | None = None, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A package as a tool of H5P writes it."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**(files() if content is None else content), **(more or {})}.items():
            archive.writestr(name, text)
    return written.getvalue()


def upload(content: bytes | None = None, name: str = "Devinette.h5p") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, packed() if content is None else content)


def give(step: Step, content: bytes | None = None) -> StepDocument:
    """Give a step its package, as its author does; the version may be published already."""
    return keep_package(step=step, file=upload(content))
