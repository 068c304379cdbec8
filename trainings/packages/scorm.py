"""SCORM 1.2: a path as a package that Moodle, M@gistère and the others play, one SCO for each module.

A module is what a learner takes up and leaves: it has its own line, its state and its mark in the platform's own table.
Films stay here: the package has their address. Source: SCORM 1.2 Content Aggregation Model and Run-Time Environment.
"""

from __future__ import annotations

from typing import IO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from circo.errors import Refusal
from trainings.outlines import Module, Outline
from trainings.packages.pages import Package, assets, key_of, module_page, step_page, xml_text

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TITLE_MAX = 200
EMPTY = "Ce parcours n’a aucune étape\u00a0: il n’y a rien à exporter."


def write(outline: Outline, target: IO[bytes]) -> None:
    """Write the package of a path. Raises: Refusal if there is nothing in it."""
    modules = [module for module in outline.modules if module.steps]
    if not modules:
        raise Refusal(EMPTY)
    package = Package(target)
    with package.zip:
        shared = assets()
        for path, content in shared.items():
            package.write(path, content)
        used = [(module, _page(package, module, rank)) for rank, module in enumerate(modules, 1)]
        package.write("imsmanifest.xml", _manifest(outline, used, list(shared)))


def _page(package: Package, module: Module, rank: int) -> list[str]:
    """Write the page of a module, and return all that it shows."""
    pages, keys, shown = [], [], []
    for number, step in enumerate(module.steps, 1):
        files = package.attach(step.files)
        pages.append(step_page(step, number, files))
        keys.append([key_of(question) for question in step.questions])
        shown += [file.path for file in files]
    path = f"module-{rank:02}.html"
    package.write(path, module_page(module, pages, keys))
    return [path, *dict.fromkeys(shown)]


def _manifest(outline: Outline, modules: list[tuple[Module, list[str]]], shared: list[str]) -> bytes:
    names = {"xmlns": CP, "xmlns:adlcp": ADL, "xmlns:xsi": XSI}
    where = f"{CP} imscp_rootv1p1p2.xsd {ADL} adlcp_rootv1p2.xsd"
    root = Element("manifest", {"identifier": "PARCOURS", "version": "1.2", **names, "xsi:schemaLocation": where})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "ADL SCORM"
    SubElement(metadata, "schemaversion").text = "1.2"
    organization = SubElement(SubElement(root, "organizations", {"default": "ORGANISATION"}), "organization")
    organization.set("identifier", "ORGANISATION")
    SubElement(organization, "title").text = _title(outline.title)
    resources = SubElement(root, "resources")
    for rank, (module, files) in enumerate(modules, 1):
        item = SubElement(organization, "item", {"identifier": f"MODULE-{rank}", "identifierref": f"SCO-{rank}"})
        SubElement(item, "title").text = _title(module.title)
        sco = {"identifier": f"SCO-{rank}", "type": "webcontent", "adlcp:scormtype": "sco", "href": files[0]}
        resource = SubElement(resources, "resource", sco)
        for file in files:
            SubElement(resource, "file", {"href": file})
        SubElement(resource, "dependency", {"identifierref": "COMMUN"})
    common = SubElement(
        resources, "resource", {"identifier": "COMMUN", "type": "webcontent", "adlcp:scormtype": "asset"}
    )
    for file in shared:
        SubElement(common, "file", {"href": file})
    indent(root)
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def _title(title: str) -> str:
    return xml_text(title)[:TITLE_MAX] or "Sans titre"
