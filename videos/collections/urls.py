from django.urls import path

from videos.views import collections

urlpatterns = [
    path("collections/", collections.collection_list, name="collection_list"),
    path("collections/creer/", collections.collection_create, name="collection_create"),
    path("collections/<int:collection_id>/", collections.collection_page, name="collection_page"),
    path("collections/<int:collection_id>/decrire/", collections.collection_update, name="collection_update"),
    path("collections/<int:collection_id>/supprimer/", collections.collection_remove, name="collection_remove"),
    path("collections/<int:collection_id>/remettre/", collections.collection_restore, name="collection_restore"),
    path("collections/<int:collection_id>/ajouter/", collections.item_create, name="item_create"),
    path("collections/<int:collection_id>/<int:item_id>/deplacer/", collections.item_move, name="item_move"),
    path("collections/<int:collection_id>/<int:item_id>/retirer/", collections.item_remove, name="item_remove"),
    path("collections/<int:collection_id>/<int:item_id>/remettre/", collections.item_restore, name="item_restore"),
]
