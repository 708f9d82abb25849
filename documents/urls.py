from django.urls import path

from . import views

app_name = "documents"

urlpatterns = [
    path("documents/", views.document_list, name="document_list"),
    path("documents/taches/", views.job_list, name="job_list"),
    path("documents/taches/<uuid:uuid>/", views.job_detail, name="job_detail"),
    path("documents/taches/<uuid:uuid>/annuler/", views.job_cancel, name="job_cancel"),
    path("documents/taches/<uuid:uuid>/relancer/", views.job_retry, name="job_retry"),
    path("documents/taches/<uuid:uuid>/zip/", views.job_download, name="job_download"),
    path("documents/<uuid:uuid>/", views.document_detail, name="document_detail"),
    path("documents/<uuid:uuid>/telecharger/", views.document_download, name="document_download"),
    path("documents/<uuid:uuid>/relancer/", views.document_retry, name="document_retry"),
    path("verifier/", views.document_check, name="document_check"),
    path("verifier/<str:code>/", views.document_verify, name="document_verify"),
    path("__debug__/documents/<str:kind>/", views.document_preview, name="document_preview"),
]
