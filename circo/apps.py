from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.backends.signals import connection_created


class CircoConfig(AppConfig):
    name = "circo"
    verbose_name = "Circonscription"

    def ready(self) -> None:
        from circo import jobs, mailing, notices, registries, search, sqlite  # noqa: PLC0415 (models are ready only now)
        from circo.calendar import queries as calendar  # noqa: PLC0415
        from circo.documents import batches  # noqa: PLC0415
        from circo.hours import holdings as hours  # noqa: PLC0415
        from circo.hours import replaying, telling  # noqa: PLC0415
        from circo.imports import people, running, schools  # noqa: PLC0415
        from circo.models import folding, import_kinds  # noqa: PLC0415
        from circo.personal import exporting, holdings  # noqa: PLC0415

        connection_created.connect(folding.install)
        connection_created.connect(sqlite.install)
        registries.register_search(registries.SearchSource("Personnes", search.people))
        registries.register_search(registries.SearchSource("Écoles", search.schools))
        registries.register_busy(calendar.away)
        for name, work, failed in (
            (running.CHECK, running.check, running.check_failed),
            (running.APPLY, running.apply, running.apply_failed),
            (running.INVITE, running.invite, running.invite_failed),
            (batches.KIND, batches.make, batches.failed),
            (exporting.KIND, exporting.make, exporting.failed),
            (replaying.COUNT, replaying.count, replaying.failed),
            (replaying.APPLY, replaying.apply, replaying.failed),
        ):
            jobs.register(jobs.Kind(name, work, failed))
        for kind in (schools.SCHOOLS, people.PEOPLE):
            import_kinds.register(kind)
        notices.register_kind(batches.READY)
        notices.register_kind(exporting.READY)
        notices.register_kind(telling.REFUSED)
        registries.register_todos(telling.todos)
        registries.register_holdings(*holdings.HOLDINGS, *hours.HOLDINGS)
        registries.register_eraser(hours.erase)
        jobs.register(jobs.Kind(mailing.KIND, mailing.send, mailing.give_up, max_attempts=mailing.MAX_ATTEMPTS))


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with our site; it stands here because circo.admin may not be imported before the models."""

    default_site = "circo.admin.site.Site"

    def ready(self) -> None:
        super().ready()
        # Not from the package itself: registering while the site is being made would make a second site.
        from circo.admin import calendars, hours, people, places, records  # noqa: F401, PLC0415
