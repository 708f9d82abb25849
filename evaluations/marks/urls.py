"""Addresses of the formative marks."""

from django.urls import path

from . import views as marks
from . import views_paste as paste
from . import views_reports as reports

urlpatterns = [
    path("notes/", marks.marks_grid, name="marks_grid"),
    path("notes/mes-notes/", marks.my_marks, name="my_marks"),
    path("notes/moyennes/", reports.marks_averages, name="marks_averages"),
    path("notes/appreciations/", reports.remarks, name="remarks"),
    path("notes/sessions/", reports.past_session_save, name="past_session_save"),
    path("notes/promotions/<uuid:uuid>/enregistrer/", marks.marks_save, name="marks_save"),
    path(
        "notes/promotions/<uuid:uuid>/nouvelle/", marks.assessment_create, name="assessment_create"
    ),
    path("notes/promotions/<uuid:uuid>/coller/", paste.marks_paste, name="marks_paste"),
    path("notes/semestres/<uuid:uuid>/annuler-le-collage/", paste.marks_undo, name="marks_undo"),
    path("notes/promotions/<uuid:uuid>/documents/", reports.reports_issue, name="reports_issue"),
    path(
        "notes/promotions/<uuid:uuid>/semestres/<int:number>/",
        marks.period_close,
        name="period_close",
    ),
    path("notes/inscriptions/<uuid:uuid>/bulletin/", reports.bulletin, name="bulletin"),
    path(
        "notes/inscriptions/<uuid:uuid>/livret-scolaire/",
        reports.livret_scolaire,
        name="livret_scolaire",
    ),
    path("notes/<uuid:uuid>/", marks.assessment_detail, name="assessment_detail"),
    path("notes/<uuid:uuid>/modifier/", marks.assessment_edit, name="assessment_edit"),
    path("notes/<uuid:uuid>/supprimer/", marks.assessment_delete, name="assessment_delete"),
    path("notes/<uuid:uuid>/remplir/", marks.marks_fill, name="marks_fill"),
    path("notes/<uuid:uuid>/historique/<uuid:enrolment>/", marks.mark_history, name="mark_history"),
]
