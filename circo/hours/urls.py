from django.urls import path

from circo.hours.views import accounts, log, own, replays, team

app_name = "hours"
urlpatterns = [
    path("", own.mine, name="mine"),
    path("releve.pdf", own.statement, name="statement"),
    path("declarer/", own.declare_new, name="declare_new"),
    path("declarer/noter/", own.declare, name="declare"),
    path("<int:pk>/", own.entry_page, name="entry_page"),
    path("<int:pk>/retirer/", own.declared_remove, name="declared_remove"),
    path("equipe/", team.entry_list, name="entry_list"),
    path("equipe/decider/", team.entry_move, name="entry_move"),
    path("equipe/annuler/", team.entry_undo, name="entry_undo"),
    path("equipe/heures.csv", team.export, name="export"),
    path("equipe/comptes.csv", team.accounts_export, name="accounts_export"),
    path("equipe/releves/", accounts.statements, name="statements"),
    path("equipe/personne/<int:pk>/", accounts.person_page, name="person_page"),
    path("equipe/personne/<int:pk>/releve.pdf", accounts.person_statement, name="person_statement"),
    path("equipe/rejouer/", replays.replay_list, name="replay_list"),
    path("equipe/rejouer/demander/", replays.replay_ask, name="replay_ask"),
    path("equipe/rejouer/<int:pk>/", replays.replay_page, name="replay_page"),
    path("equipe/rejouer/<int:pk>/appliquer/", replays.replay_apply, name="replay_apply"),
    path("carnet/", log.log, name="log"),
    path("carnet/ajouter/", log.log_add, name="log_add"),
    path("carnet/carnet.csv", log.log_export, name="log_export"),
    path("carnet/<int:pk>/", log.log_edit, name="log_edit"),
    path("carnet/<int:pk>/corriger/", log.log_update, name="log_update"),
    path("carnet/<int:pk>/retirer/", log.log_remove, name="log_remove"),
    path("carnet/<int:pk>/remettre/", log.log_restore, name="log_restore"),
]
