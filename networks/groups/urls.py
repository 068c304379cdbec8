"""The addresses of groups."""

from django.urls import path

from networks.groups.views import candidates, memberships, pages

urlpatterns = [
    path("", pages.group_list, name="group_list"),
    path("rejoindre/", pages.group_browse, name="group_browse"),
    path("ecoles/", pages.school_gaps, name="school_gaps"),
    path("<int:pk>/", pages.group_page, name="group_page"),
    path("<int:pk>/rejoindre/", pages.group_ask, name="group_ask"),
    path("<int:pk>/demander/", pages.group_request, name="group_request"),
    path("<int:pk>/inviter/", pages.group_invite, name="group_invite"),
    path("<int:pk>/invitations/", pages.invitation_create, name="invitation_create"),
    path("participations/", memberships.my_years, name="my_years"),
    path("participations/<int:pk>/", memberships.membership_page, name="membership_page"),
    path("participations/<int:pk>/passage/", memberships.membership_move, name="membership_move"),
    path("participations/<int:pk>/venue/", memberships.membership_origin, name="membership_origin"),
    path("participations/<int:pk>/accompagnement/", memberships.membership_companion, name="membership_companion"),
    path("a-inviter/", candidates.candidate_list, name="candidate_list"),
    path("a-inviter/noter/", candidates.candidate_create, name="candidate_create"),
    path("a-inviter/<int:pk>/inviter/", candidates.candidate_invite, name="candidate_invite"),
    path("a-inviter/<int:pk>/classer/", candidates.candidate_close, name="candidate_close"),
    path("a-inviter/<int:pk>/reprendre/", candidates.candidate_reopen, name="candidate_reopen"),
]
