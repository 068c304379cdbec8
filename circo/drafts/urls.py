from django.urls import path

from circo.drafts import views

app_name = "drafts"
urlpatterns = [
    path("<str:token>/", views.draft_keep, name="draft_keep"),
    path("<str:token>/ecarter/", views.draft_set_aside, name="draft_set_aside"),
    path("<str:token>/reprendre/", views.draft_take_up, name="draft_take_up"),
]
