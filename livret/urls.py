from django.urls import path

from . import views, views_documents, views_periods

app_name = "livret"
urlpatterns = [
    path("", views.livret_list, name="livret_list"),
    path("mon-livret/", views.my_livret, name="my_livret"),
    path("mes-apprentis/", views_periods.maitre_home, name="maitre_home"),
    path("documents/", views_documents.documents_issue, name="documents_issue"),
    path("maitres/<uuid:uuid>/lien/", views.maitre_invite, name="maitre_invite"),
    path("inscriptions/<uuid:uuid>/ouvrir/", views.livret_open, name="livret_open"),
    path("periodes/<uuid:uuid>/", views_periods.period_detail, name="period_detail"),
    path("periodes/<uuid:uuid>/signer/", views_periods.period_sign, name="period_sign"),
    path("lien/<str:token>/", views_periods.link_access, name="link_access"),
    path("lien/<str:token>/<uuid:uuid>/", views_periods.link_detail, name="link_detail"),
    path("lien/<str:token>/<uuid:uuid>/signer/", views_periods.link_sign, name="link_sign"),
    path("<uuid:uuid>/", views.livret_detail, name="livret_detail"),
]
