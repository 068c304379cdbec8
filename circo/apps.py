from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CircoConfig(AppConfig):
    name = "circo"
    verbose_name = "Circonscription"

    def ready(self) -> None:
        from circo import folding, jobs, mailing, registries, search  # noqa: PLC0415 (models are ready only now)
        from circo.imports import running  # noqa: PLC0415

        connection_created.connect(folding.install)
        registries.register_search(registries.SearchSource("Personnes", search.people))
        registries.register_search(registries.SearchSource("Écoles", search.schools))
        for name, work, failed in (
            (running.CHECK, running.check, running.check_failed),
            (running.APPLY, running.apply, running.apply_failed),
        ):
            jobs.register(jobs.Kind(name, work, failed))
        jobs.register(jobs.Kind(mailing.KIND, mailing.send, mailing.give_up, max_attempts=mailing.MAX_ATTEMPTS))
