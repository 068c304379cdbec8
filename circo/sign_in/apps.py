from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "circo.sign_in"
    label = "sign_in"
    verbose_name = "Connexion"

    def ready(self) -> None:
        from circo.sign_in import proconnect, sessions  # noqa: PLC0415 (models are ready only now)

        sessions.listen()
        proconnect.listen()
