"""The addresses of a film's discussion, under that of the film."""

from django.urls import include, path

from videos.views import exports, moments, replies

of_moment = [
    path("modifier/", moments.moment_edit, name="moment_edit"),
    path("enregistrer/", moments.moment_update, name="moment_update"),
    path("regler/", moments.moment_settle, name="moment_settle"),
    path("rouvrir/", moments.moment_reopen, name="moment_reopen"),
    path("retirer/", moments.moment_delete, name="moment_delete"),
    path("remettre/", moments.moment_restore, name="moment_restore"),
    path("repondre/", replies.reply_new, name="reply_new"),
    path("reponses/", replies.reply_create, name="reply_create"),
    path("reponses/<int:reply_id>/modifier/", replies.reply_edit, name="reply_edit"),
    path("reponses/<int:reply_id>/enregistrer/", replies.reply_update, name="reply_update"),
    path("reponses/<int:reply_id>/retirer/", replies.reply_delete, name="reply_delete"),
    path("reponses/<int:reply_id>/remettre/", replies.reply_restore, name="reply_restore"),
]
urlpatterns = [
    path("discussion/", moments.film_discussion, name="film_discussion"),
    path("commentaires.<slug:form>", exports.moment_export, name="moment_export"),
    path("commentaires/", moments.moment_create, name="moment_create"),
    path("commentaires/<int:moment_id>/", include(of_moment)),
]
