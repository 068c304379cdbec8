from django.apps import AppConfig
from django.core.checks import register as register_check


class VideosConfig(AppConfig):
    name = "videos"
    verbose_name = "Films"

    def ready(self) -> None:
        from circo import jobs, notices, registries  # noqa: PLC0415 (models are ready only now)
        from networks import registries as of_networks  # noqa: PLC0415
        from networks.salons.quoting import register_quotable  # noqa: PLC0415
        from videos import (  # noqa: PLC0415
            checks,
            encoding,
            erasing,
            finishing,
            flowing,
            holdings,
            preparing,
            queries,
            quoting,
            speech,
            telling,
        )
        from videos.blurring import applying, searching  # noqa: PLC0415

        for quotable in quoting.QUOTABLES:
            register_quotable(quotable)
        register_check(checks.films_are_where_they_are_sent_from)
        for name, work, queue in (
            (queries.PREPARE, preparing.prepare, queries.QUICK),
            (queries.COPY, flowing.copy, queries.QUICK),
            (queries.SOUND, flowing.sound, queries.QUICK),
            (queries.PIECE, encoding.encode, queries.HEAVY),
            (queries.FINISH, finishing.finish, queries.QUICK),
            (queries.BLUR, applying.apply, queries.QUICK),
        ):
            jobs.register(jobs.Kind(name, work, telling.give_up, queue=queue, max_attempts=5, fair=True))
        jobs.register(jobs.Kind(queries.FACES, searching.search, searching.give_up, queue=queries.HEAVY, fair=True))
        jobs.register(jobs.Kind(queries.FOLLOW, searching.follow, searching.give_up, queue=queries.QUICK, fair=True))
        jobs.register(jobs.Kind(queries.SPEECH, speech.listen, speech.give_up, queue=queries.HEAVY, fair=True))
        of_networks.register_activity(queries.activity)
        registries.register_todos(queries.todos)
        registries.register_todos(queries.observation_todos)
        registries.register_todos(queries.protection_todos)
        registries.register_todos(queries.blurring_todos)
        registries.register_search(registries.SearchSource("Films", queries.search))
        registries.register_search(registries.SearchSource("Fiches de pratique", queries.search_sheets))
        registries.register_shared_between(queries.between)
        registries.register_holdings(*holdings.HOLDINGS)
        registries.register_eraser(erasing.erase)
        for told in queries.NOTICES:
            notices.register_kind(told)
