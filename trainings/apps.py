from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = "Parcours"

    def ready(self) -> None:
        from circo import jobs, notices, registries  # noqa: PLC0415 (models are ready only now)
        from circo.hours import recounting  # noqa: PLC0415
        from trainings.catalogue import holdings as catalogue_holdings  # noqa: PLC0415
        from trainings.following import holdings as following_holdings  # noqa: PLC0415
        from trainings.following import queries as following  # noqa: PLC0415
        from trainings.following import telling as following_telling  # noqa: PLC0415
        from trainings.learning import crediting  # noqa: PLC0415
        from trainings.learning import holdings as learning_holdings  # noqa: PLC0415
        from trainings.learning import telling as learning_telling  # noqa: PLC0415
        from trainings.learning.queries import lists  # noqa: PLC0415
        from trainings.lti import holdings as lti_holdings  # noqa: PLC0415
        from trainings.lti import passing  # noqa: PLC0415
        from trainings.paths import holdings as path_holdings  # noqa: PLC0415
        from trainings.paths import todos as path_todos  # noqa: PLC0415
        from trainings.showcase import holdings as showcase_holdings  # noqa: PLC0415
        from trainings.showcase import telling as showcase_telling  # noqa: PLC0415
        from trainings.showcase import todos as showcase_todos  # noqa: PLC0415
        from trainings.transfers import holdings as transfer_holdings  # noqa: PLC0415
        from trainings.transfers import running as transfers  # noqa: PLC0415
        from trainings.watching import holdings as watching_holdings  # noqa: PLC0415
        from trainings.xapi import passing as xapi  # noqa: PLC0415

        notices.register_kind(learning_telling.PATHS)
        notices.register_kind(transfers.READY)
        jobs.register(jobs.Kind(xapi.KIND, xapi.send, xapi.give_up))
        for name, work in ((transfers.TAKE, transfers.take), (transfers.BRING, transfers.bring)):
            jobs.register(jobs.Kind(name, work, transfers.failed))
        registries.register_eraser(transfers.erase)
        recounting.register(crediting.RECOUNTER)
        registries.register_todos(lists.todos)
        registries.register_todos(path_todos.todos)
        registries.register_todos(showcase_todos.todos)
        registries.register_holdings(*showcase_holdings.HOLDINGS)
        notices.register_kind(showcase_telling.SHOWCASE)
        registries.register_search(registries.SearchSource("Parcours", lists.search))
        registries.register_holdings(*path_holdings.HOLDINGS)
        registries.register_holdings(*catalogue_holdings.HOLDINGS)
        notices.register_kind(following_telling.SESSIONS)
        registries.register_events(following.events)
        registries.register_busy(following.busy)
        registries.register_holdings(*following_holdings.HOLDINGS)
        registries.register_holdings(*learning_holdings.HOLDINGS)
        registries.register_holdings(*transfer_holdings.HOLDINGS)
        registries.register_holdings(*watching_holdings.HOLDINGS)
        registries.register_holdings(*lti_holdings.HOLDINGS)
        jobs.register(jobs.Kind(passing.SCORE, passing.send, passing.give_up, max_attempts=passing.TRIES))
        jobs.register(jobs.Kind(passing.MEMBERS, passing.count_members, passing.give_up))
