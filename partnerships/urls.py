"""Every address of the app, one room a subject."""

from django.urls import URLPattern, URLResolver, include, path

from partnerships.agreements.urls import urlpatterns as of_agreements
from partnerships.cohorts.urls import urlpatterns as of_cohorts
from partnerships.grid.urls import urlpatterns as of_grid
from partnerships.observations.urls import urlpatterns as of_observations
from partnerships.offers.urls import urlpatterns as of_offers
from partnerships.papers.urls import urlpatterns as of_papers
from partnerships.placements.urls import urlpatterns as of_placed
from partnerships.proposals.urls import urlpatterns as of_proposals
from partnerships.students.urls import urlpatterns as of_students

app_name = "partnerships"
of_placements: list[URLPattern | URLResolver] = [
    *of_cohorts,
    *of_students,
    *of_agreements,
    *of_offers,
    *of_placed,
    *of_grid,
    *of_observations,
    *of_proposals,
    *of_papers,
]
urlpatterns = [path("stages/", include(of_placements))]
