"""Addresses of the imports, under /apprentis/imports/; names of the app."""

from django.urls import path

from ..views import imports as views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("modele-<str:kind>.xlsx", views.import_template_file, name="import_template"),
    path("<uuid:uuid>/", views.import_detail, name="import_detail"),
    path("<uuid:uuid>/verifier/", views.import_check, name="import_check"),
    path("<uuid:uuid>/importer/", views.import_write, name="import_write"),
    path("<uuid:uuid>/oublier/", views.import_abandon, name="import_abandon"),
    path("<uuid:uuid>/problemes.csv", views.import_problems, name="import_problems"),
]
