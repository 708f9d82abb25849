from allauth.account.decorators import secure_admin_login
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

# One sign-in for all: rate limits and second factor hold for the Django admin too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's recipe

handler500 = "ndrc_cfa.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("__debug__/components/", debug_views.components, name="debug_components"),
    *(path(prefix, include(f"{app}.urls")) for app, prefix in MOUNTS.items()),
]
