from django.urls import path

from events.papers import views

urlpatterns = [
    path("plans/<int:pk>/pdf/", views.plan_paper, name="plan_paper"),
    path("issr/", views.statement_list, name="statement_list"),
    path("issr/tableau.csv", views.statement_table, name="statement_table"),
    path("issr/<int:pk>/", views.statement_page, name="statement_page"),
    path("issr/<int:pk>/releve.csv", views.statement_export, name="statement_export"),
    path("issr/<int:pk>/releve.pdf", views.statement_paper, name="statement_paper"),
]
