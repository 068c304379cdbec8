from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Réseaux et groupes"

    def ready(self) -> None:
        from circo import notices, registries  # noqa: PLC0415 (models are ready only now)
        from circo.hours import recounting  # noqa: PLC0415
        from networks import holdings  # noqa: PLC0415
        from networks import registries as own  # noqa: PLC0415
        from networks.cycle import opening  # noqa: PLC0415
        from networks.experiments import holdings as experiment_holdings  # noqa: PLC0415
        from networks.experiments import queries as experiments  # noqa: PLC0415
        from networks.groups import queries, todos, watching  # noqa: PLC0415
        from networks.groups import telling as group_telling  # noqa: PLC0415
        from networks.groups.gathering import GATHERING  # noqa: PLC0415
        from networks.meetings import claiming as of_meetings  # noqa: PLC0415
        from networks.meetings import holdings as held_of_meetings  # noqa: PLC0415
        from networks.meetings import queries as meetings  # noqa: PLC0415
        from networks.meetings import telling  # noqa: PLC0415
        from networks.mentoring import claiming as of_mentoring  # noqa: PLC0415
        from networks.mentoring import holdings as mentoring_holdings  # noqa: PLC0415
        from networks.mentoring import queries as mentoring  # noqa: PLC0415
        from networks.places import holdings as held_of_places  # noqa: PLC0415
        from networks.places import queries as places  # noqa: PLC0415
        from networks.places.telling import BOOKING_CHANGED  # noqa: PLC0415
        from networks.salons import erasing as salon_erasing  # noqa: PLC0415
        from networks.salons import holdings as salon_holdings  # noqa: PLC0415
        from networks.salons import queries as salon_queries  # noqa: PLC0415
        from networks.salons import telling as salon_telling  # noqa: PLC0415
        from networks.visits import crediting as of_visits  # noqa: PLC0415
        from networks.visits import holdings as visit_holdings  # noqa: PLC0415
        from networks.visits import queries as visits  # noqa: PLC0415
        from networks.visits import telling as visit_telling  # noqa: PLC0415

        registries.register_search(registries.SearchSource("Groupes", queries.search_groups))
        registries.register_gathering(GATHERING)
        registries.register_todos(todos.todos)
        notices.register_kind(group_telling.KIND)
        own.register_new_year_event(opening.moved_since)
        own.register_new_year_event(watching.has_meeting)
        own.register_activity(watching.last_posts)
        own.register_activity(watching.last_presences)
        own.register_attendance(watching.attended)
        own.register_last_meeting(watching.last_held)
        registries.register_holdings(*holdings.HOLDINGS)
        registries.register_eraser(holdings.erase)
        registries.register_search(registries.SearchSource("Classes ouvertes", visits.search_sites))
        registries.register_holdings(*visit_holdings.HOLDINGS)
        registries.register_eraser(visit_holdings.erase)
        registries.register_busy(visits.busy)
        registries.register_events(visits.events)
        registries.register_todos(visits.todos)
        own.register_new_year_event(visits.has_visits)
        own.register_activity(visits.activity)
        for kind in visit_telling.KINDS:
            notices.register_kind(kind)
        registries.register_search(registries.SearchSource("Salons", salon_queries.search_salons))
        registries.register_holdings(*salon_holdings.HOLDINGS)
        registries.register_eraser(salon_erasing.erase)
        for told in salon_telling.NOTICES:
            notices.register_kind(told)
        registries.register_search(registries.SearchSource("Tiers-lieux", places.search_places))
        registries.register_holdings(*held_of_places.HOLDINGS)
        registries.register_eraser(held_of_places.erase)
        notices.register_kind(BOOKING_CHANGED)
        registries.register_search(registries.SearchSource("Expérimentations", experiments.search))
        registries.register_todos(experiments.todos)
        registries.register_holdings(*experiment_holdings.HOLDINGS)
        for told in experiments.NOTICES:
            notices.register_kind(told)
        registries.register_events(places.events_of)
        registries.register_holdings(*held_of_meetings.HOLDINGS)
        registries.register_eraser(held_of_meetings.erase)
        registries.register_events(meetings.events_of)
        registries.register_busy(meetings.busy)
        registries.register_todos(meetings.todos)
        for kind in telling.KINDS:
            notices.register_kind(kind)
        registries.register_holdings(*mentoring_holdings.HOLDINGS)
        registries.register_eraser(mentoring_holdings.erase)
        for room in (of_meetings, of_mentoring, of_visits):
            recounting.register(room.RECOUNTER)
        registries.register_busy(mentoring.busy)
        registries.register_events(mentoring.events)
        for told in mentoring.NOTICES:
            notices.register_kind(told)
