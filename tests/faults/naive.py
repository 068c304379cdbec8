"""The usual design, for comparison: `acks_late`, `reject_on_worker_lost`, a visibility timeout, and no lease.

The same films, the same ffmpeg, the same faults. What it loses or repeats shows that the chaos run would notice.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from videos import paths
from videos.models import Film, FilmState, Upload

TASK = "tests.naive.prepare"
QUEUE = "naive"
OUTPUT = "naive"
EFFECTS = "naive-effects"  # a line for each time that somebody is told that a film is ready


@shared_task(name=TASK, acks_late=True, reject_on_worker_lost=True)
def prepare(*, film_id: str) -> None:
    """Prepare a film at a path of its own, then say that it is ready."""
    film = Film.objects.get(pk=film_id)
    target = Path(settings.MEDIA_ROOT, paths.output_key(film.pk, OUTPUT))
    target.mkdir(parents=True, exist_ok=True)
    source = paths.source(Upload.objects.get(film=film).pk)
    hls = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-c:a", "aac", "-f", "hls", "-hls_time", "4"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-i", str(source)]
    command += ["-map", "0:v", "-map", "0:a", *hls, "-hls_list_size", "0", str(target / "main.m3u8")]
    if subprocess.run(command, check=False).returncode:
        Film.objects.filter(pk=film.pk).update(state=FilmState.REFUSED, refusal="ffmpeg")
        return
    now = timezone.now()
    Film.objects.filter(pk=film.pk).update(
        state=FilmState.READY, output=OUTPUT, ready_at=now, playable_at=now, duration_s=1
    )
    with Path(settings.DATA_DIR, EFFECTS).open("a") as told:
        told.write(f"{film.pk}\n")
