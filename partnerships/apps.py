from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = "Stages"

    def ready(self) -> None:
        from circo import registries  # noqa: PLC0415 (models are ready only now)
        from partnerships.students import holdings  # noqa: PLC0415

        registries.register_holdings(*holdings.HOLDINGS)
        registries.register_eraser(holdings.erase)
