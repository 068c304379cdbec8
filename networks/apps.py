from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Réseaux et groupes"

    def ready(self) -> None:
        from circo import registries  # noqa: PLC0415 (models are ready only now)
        from networks import holdings  # noqa: PLC0415
        from networks.groups import queries  # noqa: PLC0415

        registries.register_search(registries.SearchSource("Groupes", queries.search_groups))
        registries.register_holdings(*holdings.HOLDINGS)
        registries.register_eraser(holdings.erase)
