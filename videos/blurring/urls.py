from django.urls import path

from videos.views import blurring

urlpatterns = [
    path("<uuid:film_id>/floutage/", blurring.blurring, name="blurring"),
    path("<uuid:film_id>/floutage/chercher/", blurring.blurring_search, name="blurring_search"),
    path("<uuid:film_id>/floutage/choisir/", blurring.blurring_choose, name="blurring_choose"),
    path("<uuid:film_id>/floutage/voix/", blurring.blurring_voices, name="blurring_voices"),
    path("<uuid:film_id>/floutage/zones/", blurring.area_list, name="area_list"),
    path("<uuid:film_id>/floutage/zones/tracer/", blurring.area_draw, name="area_draw"),
    path("<uuid:film_id>/floutage/zones/<int:area_id>/corriger/", blurring.area_redraw, name="area_redraw"),
    path("<uuid:film_id>/floutage/zones/<int:area_id>/vignette.jpg", blurring.area_thumbnail, name="area_thumbnail"),
    path("<uuid:film_id>/floutage/flouter/", blurring.blurring_apply, name="blurring_apply"),
    path("<uuid:film_id>/floutage/reprendre/", blurring.blurring_again, name="blurring_again"),
    path("<uuid:film_id>/floutage/abandonner/", blurring.blurring_give_up, name="blurring_give_up"),
    path("<uuid:film_id>/floutage/approuver/", blurring.blurring_approve, name="blurring_approve"),
]
