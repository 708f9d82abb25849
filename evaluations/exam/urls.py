"""The addresses of the exam, under those of the evaluations."""

from django.urls import path

from .views import following, marks, public, results, sessions

urlpatterns = [
    path("simulateur/", public.simulator, name="exam_simulator"),
    path("examen/promotion/", following.heatmap, name="exam_heatmap"),
    path("examen/moi/", following.mine, name="exam_mine"),
    path("examen/", sessions.session_list, name="exam_session_list"),
    path("examen/<uuid:uuid>/", sessions.session_detail, name="exam_session_detail"),
    path(
        "examen/<uuid:uuid>/inscriptions.<str:form>",
        sessions.session_export,
        name="exam_session_export",
    ),
    path("examen/<uuid:uuid>/inscrire/", sessions.register, name="exam_register"),
    path("examen/<uuid:uuid>/notes/", marks.marks, name="exam_marks"),
    path(
        "examen/<uuid:uuid>/notes/<str:stage>/enregistrer/", marks.mark_save, name="exam_mark_save"
    ),
    path(
        "examen/<uuid:uuid>/notes/<str:stage>/coller/",
        marks.marks_paste,
        name="exam_marks_paste",
    ),
    path(
        "examen/<uuid:uuid>/notes/<str:stage>/annuler-le-collage/",
        marks.marks_undo,
        name="exam_marks_undo",
    ),
    path("examen/<uuid:uuid>/deliberation/", results.publish, name="exam_publish"),
    path("examen/<uuid:uuid>/deliberation/reprendre/", results.adopt, name="exam_adopt"),
    path("examen/<uuid:uuid>/resultats/", results.results, name="exam_results"),
    path(
        "examen/<uuid:uuid>/resultats.<str:form>",
        results.results_export,
        name="exam_results_export",
    ),
    path(
        "examen/candidats/<uuid:uuid>/",
        sessions.registration_detail,
        name="exam_registration_detail",
    ),
    path(
        "examen/candidats/<uuid:uuid>/confirmer/",
        sessions.registration_confirm,
        name="exam_registration_confirm",
    ),
    path(
        "examen/candidats/<uuid:uuid>/retirer/",
        sessions.registration_withdraw,
        name="exam_registration_withdraw",
    ),
    path(
        "examen/candidats/<uuid:uuid>/reprendre/",
        sessions.registration_restore,
        name="exam_registration_restore",
    ),
    path("examen/pieces/<uuid:uuid>/", sessions.proof_download, name="exam_proof"),
    path("examen/candidats/<uuid:uuid>/resultat/", results.result_detail, name="exam_result"),
    path("examen/candidats/<uuid:uuid>/attestation/", results.attestation, name="exam_attestation"),
]
