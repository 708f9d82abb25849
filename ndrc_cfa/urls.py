from django.contrib import admin
from django.urls import include, path

from . import debug_views, views

MOUNTS = {
    "accounts": "",
    "documents": "",
    "programmes": "programmes/",
    "apprentices": "apprentis/",
    "attendance": "emargement/",
    "evaluations": "evaluations/",
    "livret": "livret/",
}

urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("__debug__/components/", debug_views.components, name="debug_components"),
    *(path(prefix, include(f"{app}.urls")) for app, prefix in MOUNTS.items()),
]
