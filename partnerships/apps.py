from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Stages"

    def ready(self) -> None:
        from circo import jobs, notices, registries  # noqa: PLC0415 (models are ready only now)
        from circo.models import import_kinds  # noqa: PLC0415
        from networks.visits import moving  # noqa: PLC0415
        from partnerships.observations import actions as observation_actions  # noqa: PLC0415
        from partnerships.observations import following  # noqa: PLC0415
        from partnerships.observations import holdings as observation_holdings  # noqa: PLC0415
        from partnerships.observations import queries as observations  # noqa: PLC0415
        from partnerships.observations import telling as observation_telling  # noqa: PLC0415
        from partnerships.offers import holdings as offer_holdings  # noqa: PLC0415
        from partnerships.offers import queries as offers  # noqa: PLC0415
        from partnerships.offers import showing as shown_offers  # noqa: PLC0415
        from partnerships.offers import telling as offer_telling  # noqa: PLC0415
        from partnerships.papers import holdings as paper_holdings  # noqa: PLC0415
        from partnerships.placements import freeing  # noqa: PLC0415
        from partnerships.placements import holdings as placement_holdings  # noqa: PLC0415
        from partnerships.placements import telling as placement_telling  # noqa: PLC0415
        from partnerships.placements.queries import agenda, lists  # noqa: PLC0415
        from partnerships.proposals import queries as proposals  # noqa: PLC0415
        from partnerships.proposals.actions import asking  # noqa: PLC0415
        from partnerships.students import holdings  # noqa: PLC0415
        from partnerships.students.importing import STUDENTS  # noqa: PLC0415

        import_kinds.register(STUDENTS)
        registries.register_holdings(*holdings.HOLDINGS)
        registries.register_eraser(holdings.erase)
        registries.register_holdings(*offer_holdings.HOLDINGS)
        registries.register_search(registries.SearchSource("Classes ouvertes aux étudiants", offers.search))
        registries.register_todos(shown_offers.todos)
        notices.register_kind(offer_telling.OFFERS)
        registries.register_busy(agenda.busy)
        registries.register_events(agenda.events_of)
        registries.register_todos(agenda.todos)
        registries.register_holdings(*placement_holdings.HOLDINGS)
        registries.register_eraser(placement_holdings.erase)
        registries.register_holdings(*paper_holdings.HOLDINGS)
        registries.register_search(registries.SearchSource("Stages", lists.search))
        notices.register_kind(placement_telling.PLACEMENTS)
        registries.register_busy(observations.busy)
        registries.register_todos(observations.todos)
        registries.register_holdings(*observation_holdings.HOLDINGS)
        notices.register_kind(observation_telling.OBSERVATIONS)
        freeing.register_follower(following.freed_changed)
        moving.register_follower(following.visit_moved)
        solve = "partnerships.observations.solving.work"
        jobs.register(jobs.Kind(observations.SOLVE, solve, observation_actions.give_up, max_attempts=2))
        propose, write = "partnerships.proposals.solving.work", "partnerships.proposals.actions.finishing.work"
        jobs.register(jobs.Kind(proposals.PROPOSE, propose, asking.give_up, max_attempts=2))
        jobs.register(jobs.Kind(proposals.WRITE, write, asking.give_back))
