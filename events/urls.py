"""Every address of the app, one room a subject."""

from django.urls import URLPattern, URLResolver, include, path

from events.brigade.urls import urlpatterns as of_the_brigade
from events.convening.urls import urlpatterns as of_convening
from events.days.urls import urlpatterns as of_days
from events.evaluation.urls import urlpatterns as of_evaluations
from events.festival.urls import urlpatterns as of_festivals
from events.hosting.urls import urlpatterns as of_hosting
from events.missions.urls import urlpatterns as of_missions
from events.needs.leaving.urls import urlpatterns as of_leaving
from events.needs.urls import urlpatterns as of_needs
from events.papers.urls import urlpatterns as of_papers
from events.plans.urls import urlpatterns as of_plans
from events.programme.urls import urlpatterns as of_programmes
from events.repairs.urls import urlpatterns as of_repairs
from events.signing.urls import urlpatterns as of_signing
from events.trials.urls import urlpatterns as of_trials

app_name = "events"
of_sharing_days: list[URLPattern | URLResolver] = [
    *of_days,
    *of_convening,
    *of_programmes,
    *of_signing,
    *of_evaluations,
]
of_covers: list[URLPattern | URLResolver] = [
    *of_the_brigade,
    *of_needs,
    *of_leaving,
    *of_plans,
    *of_missions,
    *of_papers,
    *of_repairs,
    *of_trials,
    *of_hosting,
]
urlpatterns = [
    path("journees/", include(of_sharing_days)),
    path("brigade/", include(of_covers)),
    path("fete/", include(of_festivals)),
]
