"""IMS Common Cartridge 1.1: a path as pages, tests and addresses that Moodle, M@gistère and others take in as theirs.

1.1 and not 1.3, since it is the newest that Moodle reads. Films stay here: the cartridge has their address.
Source: the profile's schemas and their rules (IMS GLC, 2011), which say what each kind of question must hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.template.loader import render_to_string

from circo.errors import Refusal
from trainings.outlines import FilmLink, Module, Outline, Step
from trainings.packages.pages import Package, step_page, xml_text
from trainings.packages.qti import assessment, is_known
from trainings.packages.rules import LeftOut

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
PAGE_TYPE, LINK_TYPE, TEST_TYPE = "webcontent", "imswl_xmlv1p1", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
EMPTY = "Ce parcours n’a aucune étape\u00a0: il n’y a rien à exporter."
NO_ORDER = "«\u00a0{}\u00a0»\u00a0: la norme n’a pas de question «\u00a0à remettre dans l’ordre\u00a0»."


@dataclass
class _Cartridge:
    package: Package
    items: Element
    resources: Element
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, parent: Element, title: str, kind: str, files: list[str]) -> None:
        """Add a line to the table of contents, and the resource to which it leads."""
        name = f"R{len(self.resources) + 1}"
        item = SubElement(parent, "item", {"identifier": f"I{name}", "identifierref": name})
        SubElement(item, "title").text = _title(title)
        resource = SubElement(self.resources, "resource", {"identifier": name, "type": kind})
        if kind == PAGE_TYPE:
            resource.set("href", files[0])
        for file in files:
            SubElement(resource, "file", {"href": file})

    def add_module(self, module: Module, rank: int) -> None:
        parent = SubElement(self.items, "item", {"identifier": f"M{rank}"})
        SubElement(parent, "title").text = _title(module.title)
        if module.aim or module.minutes:
            path = f"module-{rank:02}.html"
            self.package.write(path, render_to_string("trainings/packages/page.html", {"module": module, "step": None}))
            self.add(parent, "Présentation du module", PAGE_TYPE, [path])
        for number, step in enumerate(module.steps, 1):
            self._add_step(parent, step, f"{rank:02}-{number:02}")

    def _add_step(self, parent: Element, step: Step, place: str) -> None:
        files = self.package.attach(step.files)
        page = step_page(step, 1, files)
        if page["html"] or files or page["elsewhere"] or not (step.films or step.questions):
            path = f"etape-{place}.html"
            self.package.write(path, render_to_string("trainings/packages/page.html", {"module": None, "step": page}))
            self.add(parent, step.title, PAGE_TYPE, list(dict.fromkeys([path, *(file.path for file in files)])))
        for number, film in enumerate(step.films, 1):
            path = f"liens/film-{place}-{number}.xml"
            self.package.write(path, _link(film))
            self.add(parent, film.title, LINK_TYPE, [path])
        for question in step.questions:
            if not is_known(question):
                self.left_out.append(LeftOut(f"«\u00a0{step.title}\u00a0»", NO_ORDER.format(question.text[:60])))
        known = [question for question in step.questions if is_known(question)]
        if known:
            path = f"tests/test-{place}.xml"
            self.package.write(path, assessment(step.title, known, f"T{place}"))
            self.add(parent, step.title, TEST_TYPE, [path])


def write(outline: Outline, target: IO[bytes]) -> list[LeftOut]:
    """Write the cartridge of a path, and say what it could not hold. Raises: Refusal if there is nothing in it."""
    modules = [module for module in outline.modules if module.steps]
    if not modules:
        raise Refusal(EMPTY)
    root = Element("manifest", {"xmlns": CP, "xmlns:lomimscc": LOM, "identifier": "PARCOURS"})
    _describe(SubElement(root, "metadata"), outline)
    organization = {"identifier": "ORGANISATION", "structure": "rooted-hierarchy"}
    top = SubElement(SubElement(SubElement(root, "organizations"), "organization", organization), "item")
    top.set("identifier", "RACINE")
    package = Package(target)
    with package.zip:
        cartridge = _Cartridge(package, top, SubElement(root, "resources"))
        for rank, module in enumerate(modules, 1):
            cartridge.add_module(module, rank)
        indent(root)
        package.write("imsmanifest.xml", tostring(root, encoding="UTF-8", xml_declaration=True))
    return cartridge.left_out


def _describe(metadata: Element, outline: Outline) -> None:
    SubElement(metadata, "schema").text = "IMS Common Cartridge"
    SubElement(metadata, "schemaversion").text = "1.1.0"
    general = SubElement(SubElement(metadata, "lomimscc:lom"), "lomimscc:general")
    for name, text in (("title", _title(outline.title)), ("description", xml_text(outline.summary))):
        if text:
            said = SubElement(SubElement(general, f"lomimscc:{name}"), "lomimscc:string", {"language": "fr"})
            said.text = text


def _link(film: FilmLink) -> bytes:
    root = Element("webLink", {"xmlns": LINK})
    SubElement(root, "title").text = _title(film.title)
    SubElement(root, "url", {"href": film.url, "target": "_blank"})
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def _title(title: str) -> str:
    return " ".join(xml_text(title).split()) or "Sans titre"
