from django.urls import path

from . import views

app_name = "programmes"

urlpatterns = [
    path("", views.programme_list, name="programme_list"),
    path("referentiels/", views.referentiel_list, name="referentiel_list"),
    path("referentiels/<uuid:uuid>/", views.referentiel_detail, name="referentiel_detail"),
    path("<uuid:uuid>/", views.programme_detail, name="programme_detail"),
]
