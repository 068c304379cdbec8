from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Journées"

    def ready(self) -> None:
        from circo import jobs, notices, registries  # noqa: PLC0415 (models are ready only now)
        from circo.hours import recounting  # noqa: PLC0415
        from circo.models import import_kinds  # noqa: PLC0415
        from events.brigade import holdings as brigade_holdings  # noqa: PLC0415
        from events.brigade import queries as brigade  # noqa: PLC0415
        from events.brigade.imports import kinds as brigade_imports  # noqa: PLC0415
        from events.convening import queries as convening  # noqa: PLC0415
        from events.days import holdings as day_holdings  # noqa: PLC0415
        from events.days import queries as days  # noqa: PLC0415
        from events.days import telling as day_telling  # noqa: PLC0415
        from events.evaluation import queries as evaluation  # noqa: PLC0415
        from events.festival import agenda as festival_agenda  # noqa: PLC0415
        from events.festival import holdings as festival_holdings  # noqa: PLC0415
        from events.festival import queries as festival  # noqa: PLC0415
        from events.festival import telling as festival_telling  # noqa: PLC0415
        from events.missions import agenda as mission_agenda  # noqa: PLC0415
        from events.missions import queries as missions  # noqa: PLC0415
        from events.plans import actions as plan_actions  # noqa: PLC0415
        from events.plans import holdings as plan_holdings  # noqa: PLC0415
        from events.plans import publishing  # noqa: PLC0415
        from events.plans import queries as plans  # noqa: PLC0415
        from events.programme import actions as programme_actions  # noqa: PLC0415
        from events.programme import agenda as workshop_agenda  # noqa: PLC0415
        from events.programme import holdings as programme_holdings  # noqa: PLC0415
        from events.programme import queries as programme  # noqa: PLC0415
        from events.programme.seating import SEATED  # noqa: PLC0415
        from events.signing import claiming  # noqa: PLC0415
        from events.trials import actions as trial_actions  # noqa: PLC0415
        from events.trials import queries as trials  # noqa: PLC0415
        from networks import registries as of_networks  # noqa: PLC0415

        registries.register_search(registries.SearchSource("Journées", days.search))
        of_networks.register_new_year_event(days.has_days)
        for room in (days, convening, programme, evaluation, missions, festival):
            registries.register_todos(room.todos)
        for room in (convening, missions, brigade):
            registries.register_busy(room.busy)
        for room in (convening, workshop_agenda, mission_agenda, festival_agenda):
            registries.register_events(room.events_of)
        for room in (day_holdings, programme_holdings, plan_holdings, brigade_holdings, festival_holdings):
            registries.register_holdings(*room.HOLDINGS)
        registries.register_eraser(brigade_holdings.erase)
        recounting.register(claiming.RECOUNTER)
        for kind in (*day_telling.KINDS, SEATED, *publishing.KINDS, *festival_telling.KINDS):
            notices.register_kind(kind)
        for import_kind in brigade_imports.KINDS:
            import_kinds.register(import_kind)
        jobs.register(jobs.Kind(trials.TRY, "events.trials.trying.work", trial_actions.give_up, max_attempts=2))
        jobs.register(jobs.Kind(plans.SOLVE, "events.plans.solving.work", plan_actions.give_up, max_attempts=2))
        seats = "events.programme.giving.work"
        jobs.register(jobs.Kind(programme.GIVE, seats, programme_actions.give_up, max_attempts=2, fair=True))
