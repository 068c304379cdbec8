import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from circo.portal.demo import here

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circo.settings")

if settings.DEMO:
    here.refuse_in_public()  # by whatever command the web starts
application = get_asgi_application()
