from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = "Parcours"

    def ready(self) -> None:
        from circo import registries  # noqa: PLC0415 (models are ready only now)
        from trainings.watching import holdings as watching_holdings  # noqa: PLC0415

        registries.register_holdings(*watching_holdings.HOLDINGS)
