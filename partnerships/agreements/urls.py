from django.urls import path

from partnerships.agreements import views

urlpatterns = [
    path("conventions/", views.agreement_list, name="agreement_list"),
    path("conventions/nouvelle/<int:pk>/", views.agreement_new, name="agreement_new"),
    path("conventions/creer/<int:pk>/", views.agreement_create, name="agreement_create"),
    path("conventions/<int:pk>/", views.agreement_page, name="agreement_page"),
    path("conventions/<int:pk>/modifier/", views.agreement_edit, name="agreement_edit"),
    path("conventions/<int:pk>/enregistrer/", views.agreement_update, name="agreement_update"),
    path("conventions/<int:pk>/faire/", views.agreement_move, name="agreement_move"),
    path("conventions/<int:pk>/signataire/", views.signatory_add, name="signatory_add"),
    path("conventions/signataires/<int:pk>/retirer/", views.signatory_remove, name="signatory_remove"),
    path("conventions/signataires/<int:pk>/signer/", views.signature_write, name="signature_write"),
]
