"""Every address of the app, one room a subject."""

from django.urls import URLPattern, URLResolver, include, path

from networks.cycle.urls import urlpatterns as of_the_cycle
from networks.experiments.urls import urlpatterns as of_experiments
from networks.groups.urls import urlpatterns as of_groups
from networks.meetings.urls import urlpatterns as of_meetings
from networks.mentoring.urls import urlpatterns as of_mentoring
from networks.places.urls import urlpatterns as of_places
from networks.salons.urls import urlpatterns as of_salons
from networks.visits.urls import urlpatterns as of_visits

app_name = "networks"
in_groups: list[URLPattern | URLResolver] = [*of_groups, *of_the_cycle, *of_meetings, *of_experiments]
urlpatterns = [path("groupes/", include(in_groups)), *of_salons, *of_visits, *of_places, *of_mentoring]
