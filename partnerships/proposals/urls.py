from django.urls import path

from partnerships.proposals import views

urlpatterns = [
    path("promotions/<int:pk>/propositions/", views.proposal_list, name="proposal_list"),
    path("promotions/<int:pk>/propositions/nouvelle/", views.proposal_new, name="proposal_new"),
    path("promotions/<int:pk>/propositions/demander/", views.proposal_ask, name="proposal_ask"),
    path("propositions/<int:pk>/", views.proposal_page, name="proposal_page"),
    path("propositions/<int:pk>/arreter/", views.proposal_stop, name="proposal_stop"),
    path("propositions/<int:pk>/recalculer/", views.proposal_again, name="proposal_again"),
    path("propositions/<int:pk>/accepter/", views.proposal_accept, name="proposal_accept"),
    path("propositions/<int:pk>/reprendre/", views.proposal_undo, name="proposal_undo"),
    path("propositions/lignes/<int:pk>/accepter/", views.proposal_line_accept, name="proposal_line_accept"),
    path("propositions/lignes/<int:pk>/reprendre/", views.proposal_line_undo, name="proposal_line_undo"),
    path("propositions/lignes/<int:pk>/garder/", views.proposal_line_keep, name="proposal_line_keep"),
    path("propositions/lignes/<int:pk>/ecarter/", views.proposal_line_rule_out, name="proposal_line_rule_out"),
    path("propositions/ecarts/<int:pk>/retirer/", views.proposal_apart_remove, name="proposal_apart_remove"),
]
