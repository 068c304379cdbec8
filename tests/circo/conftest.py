from tests.circo.events import events, november  # noqa: F401
