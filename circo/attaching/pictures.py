"""Pictures that people send, decoded and written anew: no place, no camera, no hidden bytes are kept."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from circo.errors import Refusal

PIXELS_MAX = 60_000_000  # a large phone's photograph
SIDE_MAX = 2400  # pixels: a page of A4 stays readable
TOO_LARGE = "Cette photo est trop grande. Choisissez un réglage plus léger."
UNREADABLE = "Ce fichier n’est pas une image lisible (JPEG ou PNG)."


def made_again(content: bytes, unreadable: str = UNREADABLE, side: int = SIDE_MAX) -> bytes:
    """Decode a picture and write it anew, upright and no larger than a page needs.

    Raises: Refusal if it cannot be read, or is too large.
    """
    written = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Refusal(TOO_LARGE)
            image.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((side, side))
            upright.info.clear()
            upright.save(written, "JPEG", quality=85)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal(unreadable) from error
    return written.getvalue()
