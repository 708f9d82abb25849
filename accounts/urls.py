from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("mon-compte/", views.profile, name="profile"),
    path("changer-de-role/", views.membership_switch, name="membership_switch"),
]
