"""The addresses of festivals. `<pk>/` alone is the public page: what families share."""

from django.urls import path

from events.festival.views import animations, helpers, pictures, preparing, public, visitors

urlpatterns = [
    path("", preparing.festival_list, name="festival_list"),
    path("circonscriptions/<int:district_pk>/nouvelle/", preparing.festival_new, name="festival_new"),
    path("circonscriptions/<int:district_pk>/creer/", preparing.festival_create, name="festival_create"),
    path("<int:pk>/", public.festival_public, name="festival_public"),
    path("<int:pk>/seances/<int:session_pk>/", visitors.visitor_new, name="visitor_new"),
    path("<int:pk>/seances/<int:session_pk>/reserver/", visitors.visitor_ask, name="visitor_ask"),
    path("<int:pk>/seances/<int:session_pk>/envoye/", visitors.visitor_asked, name="visitor_asked"),
    path("<int:pk>/programme.pdf", public.festival_programme, name="festival_programme"),
    path("<int:pk>/affiche.pdf", preparing.festival_poster, name="festival_poster"),
    path("<int:pk>/benevoles/", helpers.helper_planning, name="helper_planning"),
    path("<int:pk>/benevoles/<int:session_pk>/aider/", helpers.helper_join, name="helper_join"),
    path("<int:pk>/benevoles/<int:session_pk>/laisser/", helpers.helper_leave, name="helper_leave"),
    path("<int:pk>/photos/", pictures.festival_photos, name="festival_photos"),
    path("<int:pk>/photos/<uuid:picture_pk>.jpg", pictures.festival_picture, name="festival_picture"),
    path("<int:pk>/images/", pictures.picture_list, name="picture_list"),
    path("<int:pk>/images/ajouter/", pictures.picture_add, name="picture_add"),
    path("<int:pk>/images/<uuid:picture_pk>/retirer/", pictures.picture_remove, name="picture_remove"),
    path("<int:pk>/images/<uuid:picture_pk>/remettre/", pictures.picture_restore, name="picture_restore"),
    path("<int:pk>/compter/", pictures.festival_count, name="festival_count"),
    path("places/<str:token>/", visitors.visitor_page, name="visitor_page"),
    path("places/<str:token>/confirmer/", visitors.visitor_confirm, name="visitor_confirm"),
    path("places/<str:token>/annuler/", visitors.visitor_cancel, name="visitor_cancel"),
    path("<int:pk>/preparation/", preparing.festival_page, name="festival_page"),
    path("<int:pk>/modifier/", preparing.festival_edit, name="festival_edit"),
    path("<int:pk>/changer/", preparing.festival_change, name="festival_change"),
    path("<int:pk>/mener/<str:verb>/", preparing.festival_lead, name="festival_lead"),
    path("<int:pk>/proposer/", animations.animation_new, name="animation_new"),
    path("<int:pk>/proposition/", animations.animation_create, name="animation_create"),
    path("animations/<int:pk>/", animations.animation_page, name="animation_page"),
    path("animations/<int:pk>/modifier/", animations.animation_edit, name="animation_edit"),
    path("animations/<int:pk>/changer/", animations.animation_change, name="animation_change"),
    path("animations/<int:pk>/decider/", animations.animation_decide, name="animation_decide"),
    path("animations/<int:pk>/retirer/", animations.animation_withdraw, name="animation_withdraw"),
    path("animations/<int:pk>/remettre/", animations.animation_put_back, name="animation_put_back"),
    path("animations/<int:pk>/seances/", animations.animation_time_add, name="animation_time_add"),
    path(
        "animations/<int:pk>/seances/<int:time_pk>/",
        animations.animation_time_edit,
        name="animation_time_edit",
    ),
    path(
        "animations/<int:pk>/seances/<int:time_pk>/deplacer/",
        animations.animation_time_move,
        name="animation_time_move",
    ),
    path(
        "animations/<int:pk>/seances/<int:time_pk>/oter/",
        animations.animation_time_remove,
        name="animation_time_remove",
    ),
]
