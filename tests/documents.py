"""Read a PDF as those do who cannot see it: its tags, its text in the order of reading, its fonts."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf

DECORATION = -1  # the number of what is drawn and not read aloud: the foot of a page
UA_PART = re.compile(rb"<pdfuaid:part>1</pdfuaid:part>")


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def _unicode(font: pikepdf.Object) -> dict[int, str]:
    """What each glyph of a font says, by its ToUnicode table."""
    said: dict[int, str] = {}
    table = font.ToUnicode.read_bytes().decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            said[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                said[int(first, 16) + step] = chr(int(text, 16) + step)
    return said


def pieces(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """The text of each marked piece of content, by page and number."""
    found: dict[tuple[int, int], str] = {}
    for page_number, page in enumerate(pdf.pages):
        fonts = {name: _unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
        marks: list[tuple[int | None, str | None]] = []
        said: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    given = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
                    number = int(given["/MCID"]) if "/MCID" in given else (marks[-1][0] if marks else None)
                    actual = str(given["/ActualText"]) if "/ActualText" in given else None
                    marks.append((number, actual))
                    if actual is not None and number is not None:
                        found[page_number, number] = found.get((page_number, number), "") + actual
                case "EMC":
                    marks.pop()
                case "Tf":
                    said = fonts[str(operands[0])]
                case "Tj" | "TJ":
                    shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                    raw = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
                    if all(actual is None for _, actual in marks):
                        text = "".join(said[int.from_bytes(raw[i : i + 2])] for i in range(0, len(raw), 2))
                        number = marks[-1][0] if marks else None
                        key = (page_number, DECORATION if number is None else number)
                        found[key] = found.get(key, "") + text
    return found


def elements(pdf: bytes) -> list[tuple[str, str, str]]:
    """The tags of a document in the order of reading: kind, own text, alternative text."""
    document = opened(pdf)
    texts = pieces(document)
    pages = {page.objgen: number for number, page in enumerate(document.pages)}
    found: list[tuple[str, str, str]] = []

    def walk(node: pikepdf.Object, page: pikepdf.Object | None) -> str:
        page = node.get("/Pg", page)
        children = node.get("/K", [])
        row = len(found)
        found.append(("", "", ""))
        text = ""
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                text += walk(child, page)
            elif isinstance(child, pikepdf.Dictionary) and "/MCID" in child:
                text += texts.get((pages[child.get("/Pg", page).objgen], int(child.MCID)), "")
            elif not isinstance(child, pikepdf.Dictionary):
                text += texts.get((pages[page.objgen], int(child)), "")
        found[row] = (str(node.get("/S", "/Root")), text, str(node.get("/Alt", "")))
        return text

    walk(document.Root.StructTreeRoot, None)
    return found


def text_of(pdf: bytes) -> str:
    """All the text of a document, as it is read aloud, with the spaces that it really holds."""
    return elements(pdf)[0][1]


def feet(pdf: bytes) -> list[str]:
    """What stands at the foot of each page, which is not read aloud."""
    document = opened(pdf)
    found = pieces(document)
    return [found.get((number, DECORATION), "") for number in range(len(document.pages))]


def faults(pdf: bytes) -> list[str]:
    """What keeps a document from being accessible, as far as its own structure tells."""
    document = opened(pdf)
    root = document.Root
    found = []
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)) or "/StructTreeRoot" not in root:
        found.append("no tags")
    if not str(root.get("/Lang", "")).startswith("fr"):
        found.append("no language")
    if not UA_PART.search(root.Metadata.read_bytes()):
        found.append("no PDF/UA identifier")
    if not bool(root.ViewerPreferences.get("/DisplayDocTitle", False)) or not str(document.docinfo.get("/Title", "")):
        found.append("no title")
    for page in document.pages:
        for font in page.Resources.get("/Font", {}).values():
            descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                found.append(f"{font.BaseFont} is not embedded")
    kinds = [kind for kind, _, _ in elements(pdf)]
    if "/H1" not in kinds:
        found.append("no heading")
    found += [f"{kind} without alternative text" for kind, _, alt in elements(pdf) if kind == "/Figure" and not alt]
    return found
