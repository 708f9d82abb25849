"""Addresses of the admission, under /apprentis/candidatures/; names of the app."""

from django.urls import path

from ..views import admission as views

urlpatterns = [
    path("", views.application_list, name="application_list"),
    path("nouvelle/", views.application_create, name="application_create"),
    path("de/<uuid:uuid>/", views.application_open, name="application_open"),
    path("<uuid:uuid>/", views.application_detail, name="application_detail"),
    path("<uuid:uuid>/pieces/", views.application_pieces, name="application_pieces"),
    path("<uuid:uuid>/entretien/", views.application_interview, name="application_interview"),
    path(
        "<uuid:uuid>/positionnement/", views.application_positioning, name="application_positioning"
    ),
    path("<uuid:uuid>/decision/", views.application_decide, name="application_decide"),
    path("<uuid:uuid>/inscription/", views.application_enrol, name="application_enrol"),
]
