from django.urls import path

from partnerships.papers import views

urlpatterns = [
    path("formations/<int:pk>/convention/", views.terms_edit, name="terms_edit"),
    path("formations/<int:pk>/convention/enregistrer/", views.terms_update, name="terms_update"),
    path("promotions/<int:pk>/conventions/", views.agreements_paper, name="agreements_paper"),
    path("promotions/<int:pk>/calendrier/", views.calendar_paper, name="calendar_paper"),
    path("promotions/<int:pk>/calendrier.ics", views.cohort_ical, name="cohort_ical"),
    path("calendrier.pdf", views.own_calendar, name="own_calendar"),
    path("calendrier.ics", views.own_ical, name="own_ical"),
    path("placements/<int:pk>/convention.pdf", views.agreement_paper, name="placement_agreement"),
    path("conventions/etudiants/<int:pk>/", views.agreement_note, name="agreement_note"),
    path("placements/<int:pk>/calendrier.pdf", views.placement_calendar, name="placement_calendar"),
    path("placements/<int:pk>/feuilles/", views.sheets_paper, name="placement_sheets"),
    path("placements/<int:pk>/bilan.pdf", views.review_paper, name="placement_review_paper"),
    path("placements/<int:pk>/emargement/", views.signing, name="signing"),
    path("demi-journees/<int:pk>/signer/", views.sign, name="day_sign"),
    path("conventions/<int:pk>/convention.pdf", views.yearly_paper, name="agreement_paper"),
    path("bilan/", views.balance, name="balance"),
    path("bilan/tableau.csv", views.balance_table, name="balance_table"),
    path("bilan/bilan.pdf", views.balance_paper, name="balance_paper"),
]
