from django.urls import path

from circo.documents import views

app_name = "documents"
urlpatterns = [
    path("courriers/", views.batch_list, name="batch_list"),
    path("courriers/<uuid:pk>/", views.batch_page, name="batch_page"),
    path("courriers/<uuid:pk>/courriers.<slug:form>", views.batch_download, name="batch_download"),
    path("courriers/<uuid:pk>/recommencer/", views.batch_retry, name="batch_retry"),
    path("courriers/<uuid:pk>/effacer/", views.batch_forget, name="batch_forget"),
    path("verifier/", views.verify, name="verify"),
    path("verifier/<str:code>/", views.verify_document, name="verify_document"),
    path("documents/<int:pk>/retirer/", views.document_withdraw, name="document_withdraw"),
    path("documents/<int:pk>/retablir/", views.document_restore, name="document_restore"),
]
