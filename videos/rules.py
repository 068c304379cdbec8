"""Pure rules of films: limits, sizes of the renditions, names of files, what a person may type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from circo.attaching.rules import shown_name
from circo.errors import Refusal

TITLE_MAX = 120
FILE_NAME_MAX = 160
MOMENT_MAX = 2000  # characters
CHAPTER_MAX = 80
CHAPTERS_MAX = 50
RESUMED_FROM_S = 10.0  # before, one begins again
RESTORABLE_FOR = timedelta(minutes=10)  # a removed moment can be brought back
FILM_RESTORABLE_FOR = timedelta(days=7)  # a removed film can be brought back, then it is erased
UPLOAD_KEPT_FOR = timedelta(days=7)  # without a new byte
SOURCE_KEPT_FOR = timedelta(days=7)  # once the film is ready
INDEX_MAX_BYTES = 64 * 1024**2  # of the range that a client may send ahead; an hour of film has 4 MB of index
FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)
UNFINISHED_MAX = 20  # uploads of one person at one time

# What one person may make: far beyond what anybody needs. The pages of others read some of it, and notices tell of it.
MOMENTS_OF_ONE_MAX = 1000  # on one film; as many replies
WRITTEN_OF_ONE_MAX = 100  # comments and replies, within WRITTEN_WITHIN
WRITTEN_WITHIN = timedelta(minutes=10)
EXCERPTS_OF_ONE_MAX = 200  # of one film
ROUNDS_MAX = 50  # of one film
COLLECTIONS_MAX = GRIDS_MAX = PROJECTS_MAX = 200
SHEETS_MAX = 500
FILMS_A_DAY_MAX = 200
PAPERS_MAX_BYTES = 2 * 1024**3  # signed papers of one teacher
DOCUMENTS_MAX_BYTES = 1024**3  # attached to the sheets of one person

DURATION_MAX_S = 3900.0  # a class hour and a little
FRAME_MAX_PIXELS = 4096 * 2304  # 4K; an 8K frame costs a worker minutes and shows nothing more
SIDE_MIN = 64
RATE_MAX = 120.0  # frames a second
WORK_MAX_PIXELS = 1920 * 1080 * 60 * 3900  # pixels of all frames: what one film may cost

RATES = (24, 25, 30)
ALIKE = 1.15  # one rendition and the next, so near that one of them is enough

_RENDITION = r"(?:audio|original|video-\d{1,4})"
MEDIA_NAME = re.compile(
    rf"master\.m3u8|{_RENDITION}\.m3u8|poster\.jpg|sprite\.jpg|waveform\.json|{_RENDITION}-(?:init\.mp4|\d{{5}}\.m4s)",
    re.ASCII,
)
DOWNLOAD_NAME = "film.mp4"  # published beside the others; given by its own address, to those who may take it away
MEDIA_TYPES = {
    "m3u8": "application/vnd.apple.mpegurl",
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "jpg": "image/jpeg",
    "json": "application/json",
}


def is_media_name(name: str) -> bool:
    """Tell whether `name` is one of the files that whoever watches a film may ask for."""
    return MEDIA_NAME.fullmatch(name) is not None


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def file_label(name: str) -> str:
    """Make of a client's file name a label to show: no folder, no control or direction character, no excess."""
    return shown_name(name)[:FILE_NAME_MAX] or "film"


def download_name(title: str) -> str:
    """Make of a film's title the name of the file that one takes away."""
    return f"{file_label(title.replace('/', '-').replace(chr(92), '-'))}.mp4"


def fingerprint(told: str) -> str:
    """Return what a browser says of the bytes of a file, or nothing if it is not of the right shape."""
    return told if FINGERPRINT.fullmatch(told) else ""


def timecode(at_s: float) -> str:
    """Write a place in a film as people read it: `0:03`, `1:02:05`."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


TIMECODE = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,4}(?:[.,]\d+)?)", re.ASCII)


def seconds_of(timecode: str) -> float:
    """Read a place in a film as people write it: `0:03`, `1:02:05`, or `75` seconds.

    Raises: ValueError if it is none of these.
    """
    found = TIMECODE.fullmatch("".join(timecode.split()))
    if found is None:
        raise ValueError(timecode)
    hours, minutes, seconds = int(found[1] or 0), int(found[2] or 0), float(found[3].replace(",", "."))
    if (found[1] and minutes > 59) or (found[2] and seconds >= 60):
        raise ValueError(timecode)
    return 3600 * hours + 60 * minutes + seconds


def time_left(seconds: float) -> str:
    """Write how long one still waits, about, as people say it."""
    if seconds < 50:
        return "encore quelques secondes"
    if seconds < 90:
        return "encore une minute environ"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"encore {minutes}\u00a0minutes environ"
    return f"encore {minutes // 60}\u00a0h\u00a0{minutes % 60:02d} environ"


def file_size(size_bytes: int) -> str:
    """Write the weight of a file as people read it: `62,9 Mo`."""
    for unit, weight in (("Go", 1024**3), ("Mo", 1024**2)):
        if size_bytes >= weight:
            return f"{size_bytes / weight:.1f}\u00a0{unit}".replace(".", ",")
    return f"{-(-size_bytes // 1024)}\u00a0ko"


@dataclass(frozen=True)
class Size:
    """The pixels of a picture as it is shown: square, upright."""

    width: int
    height: int

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


def shown_size(width: int, height: int, *, pixel_ratio: float = 1.0, rotation: int = 0) -> Size:
    """Return the size that people see of a picture of `width` × `height` stored pixels.

    Units: `pixel_ratio` is the width of a stored pixel over its height; `rotation` is in degrees.
    """
    upright = Size(max(round(width * pixel_ratio), 1), height)
    return Size(upright.height, upright.width) if rotation % 180 else upright


def _even(length: float) -> int:
    return max(2 * round(length / 2), 2)


def rendition_sizes(shown: Size, sides: Sequence[int]) -> list[Size]:
    """Return the sizes to make, the largest first: never larger than the source, the same shape, even sides.

    A size that hardly differs from the one above it is left out: it costs much and shows nothing more.
    """
    sizes: list[Size] = []
    for short in sorted({min(side, shown.short_side) for side in sides}, reverse=True):
        scale = short / shown.short_side
        size = Size(_even(shown.width * scale), _even(shown.height * scale))
        if not sizes or sizes[-1].short_side > ALIKE * size.short_side:
            sizes.append(size)
    return sizes


def output_rate(rate: float | None) -> int:
    """Return the frame rate to make of a source's: one that players like, near its own, never above 30."""
    if not rate or rate <= 0:
        return 30
    while rate > 31:
        rate /= 2
    if rate < 20:
        return max(round(rate), 10)
    # Rather a picture shown twice than one lost.
    return next((known for known in RATES if known > rate - 0.5), max(RATES))


def lacks_its_end(declared_s: float, held_s: float) -> bool:
    """Tell whether a file holds clearly less than its header announces: a copy or a recording was cut."""
    return declared_s - held_s > max(1.0, 0.05 * declared_s)


def check_budget(shown: Size, *, duration_s: float, frames: int) -> None:
    """Refuse a film that would cost a worker too much, or that nobody could watch.

    Raises: Refusal, in words that the author can act on.
    """
    if shown.short_side < SIDE_MIN:
        raise Refusal("L’image de ce film est trop petite. Déposez le fichier d’origine, pas une copie réduite.")
    if shown.width * shown.height > FRAME_MAX_PIXELS:
        raise Refusal("L’image de ce film est plus grande que la 4K. Filmez en 4K ou en HD, puis déposez à nouveau.")
    if duration_s > DURATION_MAX_S:
        raise Refusal("Ce film dure plus de 65\u00a0minutes. Coupez-le en plusieurs parties, puis déposez-les.")
    if frames > RATE_MAX * max(duration_s, 1):
        raise Refusal("Ce film compte trop d’images par seconde. Filmez à 30 ou 60\u00a0images par seconde.")
    if shown.width * shown.height * frames > WORK_MAX_PIXELS:
        raise Refusal("Ce film est trop lourd à préparer. Filmez en HD, ou coupez-le en plusieurs parties.")


def resume_at(at_s: float, duration_s: float | None) -> float | None:
    """Return where a person who stopped at `at_s` goes on: nowhere at the beginning, nor once the film is seen."""
    seen_from = 0.97 * (duration_s or 0)
    return at_s if RESUMED_FROM_S <= at_s < seen_from else None
