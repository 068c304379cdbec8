"""Run as a program: sweep the jobs again and again, as the beat has a worker do, at the pace of the tests' leases."""

import logging
import sys
import time

import django
from django.db import connection

PAUSE_S = 0.5


def main() -> None:
    django.setup()
    from circo import jobs  # noqa: PLC0415 (models are ready only now)

    while True:
        try:
            jobs.sweep()
        except Exception:
            logging.getLogger(__name__).warning("this sweep failed", exc_info=True)
            connection.close()
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    sys.exit(main())
