"""The addresses of observation sites and visits."""

from django.urls import path

from networks.visits.views import reports, sites, visits

urlpatterns = [
    path("visites/", sites.site_list, name="site_list"),
    path("visites/lieux/nouveau/", sites.site_new, name="site_new"),
    path("visites/lieux/ouvrir/", sites.site_create, name="site_create"),
    path("visites/lieux/<int:pk>/", sites.site_page, name="site_page"),
    path("visites/lieux/<int:pk>/modifier/", sites.site_edit, name="site_edit"),
    path("visites/lieux/<int:pk>/enregistrer/", sites.site_update, name="site_update"),
    path("visites/lieux/<int:pk>/etat/<slug:verb>/", sites.site_move, name="site_move"),
    path("visites/lieux/<int:pk>/cercle/<slug:circle>/", sites.site_widen, name="site_widen"),
    path("visites/lieux/<int:pk>/direction/<slug:answer>/", sites.site_answer, name="site_answer"),
    path("visites/lieux/<int:pk>/demander/", visits.visit_ask, name="visit_ask"),
    path("visites/miennes/", visits.visit_list, name="visit_list"),
    path("visites/mon-ecole/", visits.school_visits, name="school_visits"),
    path("visites/recits/", reports.report_list, name="visit_report_list"),
    path("visites/<int:pk>/", visits.visit_page, name="visit_page"),
    path("visites/<int:pk>/reponse/<slug:verb>/", visits.visit_move, name="visit_move"),
    path("visites/<int:pk>/regard/", visits.visit_focus, name="visit_focus"),
    path("visites/<int:pk>/accord/", visits.visit_agree, name="visit_agree"),
    path("visites/<int:pk>/merci/", visits.visit_thank, name="visit_thank"),
    path("visites/<int:pk>/recit/", reports.report_page, name="visit_report_page"),
    path("visites/<int:pk>/recit/ecrire/", reports.report_edit, name="visit_report_edit"),
    path("visites/<int:pk>/recit/enregistrer/", reports.report_save, name="visit_report_save"),
    path("visites/<int:pk>/recit/donner/", reports.report_give, name="visit_report_give"),
    path("visites/<int:pk>/recit/ajouter/", reports.report_answer, name="visit_report_answer"),
    path("visites/<int:pk>/recit/ouvrir/", reports.report_open, name="visit_report_open"),
    path("visites/<int:pk>/recit/refermer/", reports.report_close, name="visit_report_close"),
    path("visites/<int:pk>/recit/pdf/", reports.report_pdf, name="visit_report_pdf"),
]
