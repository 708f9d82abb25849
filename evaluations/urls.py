from django.urls import path

from . import views
from .ccf.urls import urlpatterns as ccf_urls
from .exam.urls import urlpatterns as exam_urls
from .marks.urls import urlpatterns as marks_urls

app_name = "evaluations"

urlpatterns = [
    path("", views.home, name="home"),
    path("ccf/", views.ccf_list, name="ccf_list"),
    path("ccf/commencer/", views.ccf_start, name="ccf_start"),
    path("ccf/<uuid:uuid>/", views.ccf_detail, name="ccf_detail"),
    path("ccf/<uuid:uuid>/enregistrer/", views.ccf_save, name="ccf_save"),
    path("ccf/<uuid:uuid>/verrouiller/", views.ccf_lock, name="ccf_lock"),
    path("ccf/<uuid:uuid>/rouvrir/", views.ccf_reopen, name="ccf_reopen"),
    path("ccf/<uuid:uuid>/fiche/", views.ccf_pdf, name="ccf_pdf"),
    *ccf_urls,
    *exam_urls,
    *marks_urls,
]
