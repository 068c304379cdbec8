from django.apps import AppConfig


class CircoConfig(AppConfig):
    name = "circo"
    verbose_name = "Circonscription"

    def ready(self) -> None:
        from circo import jobs, mailing  # noqa: PLC0415 (models are ready only now)

        jobs.register(jobs.Kind(mailing.KIND, mailing.send, mailing.give_up, max_attempts=mailing.MAX_ATTEMPTS))
