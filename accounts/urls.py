from django.urls import path

from . import member_views, views

app_name = "accounts"

urlpatterns = [
    path("mon-compte/", views.profile, name="profile"),
    path("changer-de-role/", views.membership_switch, name="membership_switch"),
    path("compte-cfa/", member_views.cfa_edit, name="cfa_edit"),
    path("compte-cfa/equipe/", member_views.member_list, name="member_list"),
    path("compte-cfa/equipe/<uuid:uuid>/", member_views.member_edit, name="member_edit"),
    path("compte-cfa/inviter/", member_views.member_invite, name="member_invite"),
    path(
        "compte-cfa/invitations/<uuid:uuid>/renvoyer/",
        member_views.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "compte-cfa/invitations/<uuid:uuid>/annuler/",
        member_views.invitation_cancel,
        name="invitation_cancel",
    ),
    path(
        "compte-cfa/invitation/<str:token>/",
        member_views.invitation_accept,
        name="invitation_accept",
    ),
]
