from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from . import views

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
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(
        path(prefix, include(f"{app}.urls"))
        for app, prefix in MOUNTS.items()
        if find_spec(f"{app}.urls")
    ),
]
