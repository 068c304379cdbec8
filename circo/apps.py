from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CircoConfig(AppConfig):
    name = "circo"
    verbose_name = "Circonscription"

    def ready(self) -> None:
        from circo import folding, jobs, mailing, registries, search  # noqa: PLC0415 (models are ready only now)

        connection_created.connect(folding.install)
        registries.register_search(registries.SearchSource("Personnes", search.people))
        registries.register_search(registries.SearchSource("Écoles", search.schools))
        jobs.register(jobs.Kind(mailing.KIND, mailing.send, mailing.give_up, max_attempts=mailing.MAX_ATTEMPTS))
