"""Every address of the app, one room a subject."""

from django.urls import URLPattern, URLResolver, include, path

from trainings.activities.urls import urlpatterns as of_activities
from trainings.catalogue.urls import urlpatterns as of_catalogue
from trainings.following.urls import urlpatterns as of_sessions
from trainings.learning.urls import urlpatterns as of_learners
from trainings.lti.urls import urlpatterns as of_lti
from trainings.paths.urls import urlpatterns as of_paths
from trainings.showcase.urls import urlpatterns as of_showcase
from trainings.transfers.urls import urlpatterns as of_transfers
from trainings.watching.urls import urlpatterns as of_watching

app_name = "trainings"
of_trainings: list[URLPattern | URLResolver] = [
    *of_catalogue,
    *of_showcase,
    *of_learners,
    *of_sessions,
    *of_paths,
    *of_activities,
    *of_transfers,
    *of_watching,
]
urlpatterns = [path("parcours/", include(of_trainings)), path("lti/", include(of_lti))]
