from django.urls import path

from partnerships.observations.views import own, plans

urlpatterns = [
    path("observations/", own.observation_list, name="observation_list"),
    path("observations/souhaits/", own.observation_wish, name="observation_wish"),
    path("observations/<int:pk>/", own.observation_page, name="observation_page"),
    path("observations/<int:pk>/etape/<slug:verb>/", own.observation_move, name="observation_move"),
    path("observations/<int:pk>/echanger/", own.observation_swap, name="observation_swap"),
    path("observations/<int:pk>/echange/<slug:answer>/", own.observation_answer, name="observation_answer"),
    path("observations/propositions/", plans.crossing_list, name="crossing_list"),
    path("observations/propositions/nouvelle/", plans.crossing_create, name="crossing_create"),
    path("observations/propositions/<int:pk>/", plans.crossing_page, name="crossing_page"),
    path("observations/propositions/<int:pk>/calculer/", plans.crossing_solve, name="crossing_solve"),
    path("observations/propositions/<int:pk>/arreter/", plans.crossing_stop, name="crossing_stop"),
    path("observations/propositions/<int:pk>/publier/", plans.crossing_publish, name="crossing_publish"),
]
