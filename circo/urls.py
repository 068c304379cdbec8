from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("circo.portal.urls")),
    path("agenda/", include("circo.calendar.urls")),
    path("imports/", include("circo.imports.urls")),
    path("heures/", include("circo.hours.urls")),
    path("brouillons/", include("circo.drafts.urls")),
    path("", include("networks.urls")),
    path("films/", include("videos.urls")),
    path("", include("events.urls")),
    path("", include("partnerships.urls")),
    path("", include("trainings.urls")),
    path("", include("circo.documents.urls")),
    path("", include("circo.personal.urls")),
    path("", include("circo.sign_in.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("circo.portal.mailbox.urls")))
    urlpatterns.append(path("demo/", include("circo.portal.demo.urls")))

handler400 = "circo.portal.errors.bad_request"
handler403 = "circo.portal.errors.forbidden"
handler404 = "circo.portal.errors.not_found"
handler500 = "circo.portal.errors.server_error"
