"""Addresses of planning, absences, documents and personal calendars (mounted by urls.py)."""

from django.urls import path

from .views import absences, agenda, calendar, hours, paper_month, papers, planning, sessions

urlpatterns = [
    path("planning/", planning.planning, name="planning"),
    path("promotions/<uuid:uuid>/heures/", planning.cohort_hours, name="cohort_hours"),
    path(
        "promotions/<uuid:uuid>/demi-journees/",
        planning.sessions_generate,
        name="sessions_generate",
    ),
    path("promotions/<uuid:uuid>/calendrier/", calendar.cohort_calendar, name="cohort_calendar"),
    path(
        "promotions/<uuid:uuid>/calendrier/ajouter/", calendar.exception_add, name="exception_add"
    ),
    path("promotions/<uuid:uuid>/rythme/", calendar.rhythm_edit, name="rhythm_edit"),
    path(
        "promotions/<uuid:uuid>/debut-emargement/",
        calendar.signing_start_edit,
        name="signing_start_edit",
    ),
    path("exceptions/<uuid:uuid>/retirer/", calendar.exception_remove, name="exception_remove"),
    path("salles/", calendar.room_list, name="room_list"),
    path("salles/<uuid:uuid>/", calendar.room_edit, name="room_edit"),
    path("seances/<uuid:uuid>/", sessions.session_detail, name="session_detail"),
    path("seances/<uuid:uuid>/modifier/", sessions.session_edit, name="session_edit"),
    path("seances/<uuid:uuid>/deplacer/", sessions.session_move, name="session_move"),
    path("seances/<uuid:uuid>/annuler/", sessions.session_cancel, name="session_cancel"),
    path("promotions/<uuid:uuid>/jauges/", hours.cohort_gauges_page, name="cohort_gauges"),
    path("promotions/<uuid:uuid>/papier/", paper_month.paper_month, name="paper_month"),
    path("promotions/<uuid:uuid>/rattrapage/", hours.makeup_add, name="makeup_add"),
    path("promotions/<uuid:uuid>/documents/", papers.papers_issue, name="papers_issue"),
    path("agenda/", agenda.my_agenda, name="my_agenda"),
    path("agenda/creer/", agenda.agenda_make, name="agenda_make"),
    path("agenda/revoquer/", agenda.agenda_revoke, name="agenda_revoke"),
    path("agenda/<uuid:uuid>/<str:secret>.ics", agenda.agenda_feed, name="agenda_feed"),
    path("absences/", absences.absence_list, name="absence_list"),
    path("absences/<uuid:uuid>/", absences.absence_settle, name="absence_settle"),
    path("mes-absences/", absences.my_absences, name="my_absences"),
    path("mes-absences/justifier/", absences.justification_create, name="justification_create"),
    path(
        "inscriptions/<uuid:uuid>/justifier/",
        absences.justification_record,
        name="justification_record",
    ),
    path("justifications/<uuid:uuid>/", absences.justification_detail, name="justification_detail"),
    path(
        "justifications/<uuid:uuid>/decider/",
        absences.justification_decide,
        name="justification_decide",
    ),
    path(
        "justifications/<uuid:uuid>/fichier/",
        absences.justification_file,
        name="justification_file",
    ),
]
