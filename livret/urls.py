from django.urls import path

from .views import documents, doors, lists, livrets, periods, plan, reviews, tasks

app_name = "livret"
urlpatterns = [
    path("", lists.livret_list, name="livret_list"),
    path("mon-livret/", livrets.my_livret, name="my_livret"),
    path("mes-apprentis/", periods.maitre_home, name="maitre_home"),
    path("documents/", documents.documents_issue, name="documents_issue"),
    path("maitres/<uuid:uuid>/lien/", livrets.maitre_invite, name="maitre_invite"),
    path("inscriptions/<uuid:uuid>/ouvrir/", livrets.livret_open, name="livret_open"),
    path("periodes/<uuid:uuid>/", periods.period_detail, name="period_detail"),
    path("periodes/<uuid:uuid>/signer/", periods.period_sign, name="period_sign"),
    path("periodes/<uuid:uuid>/correction/", periods.period_correction, name="period_correction"),
    path("periodes/<uuid:uuid>/main/", tasks.period_by_hand, name="period_by_hand"),
    path("periodes/<uuid:uuid>/missions/", tasks.task_save, name="task_save"),
    path("periodes/<uuid:uuid>/preuves/", tasks.proof_add, name="proof_add"),
    path("missions/<uuid:uuid>/retirer/", tasks.task_remove, name="task_remove"),
    path("preuves/<uuid:uuid>/", tasks.proof_file, name="proof_file"),
    path("preuves/<uuid:uuid>/retirer/", tasks.proof_remove, name="proof_remove"),
    path("scans/<uuid:uuid>/", tasks.scan_file, name="scan_file"),
    path("mon-entreprise/", doors.maitre_company, name="maitre_company"),
    path("corrections/", doors.correction_list, name="correction_list"),
    path("bilans/<uuid:uuid>/", reviews.review_detail, name="review_detail"),
    path("bilans/<uuid:uuid>/date/", reviews.review_move, name="review_move"),
    path("bilans/<uuid:uuid>/main/", reviews.review_by_hand, name="review_by_hand"),
    path("fiches/<uuid:uuid>/", plan.fiche_detail, name="fiche_detail"),
    path("fiches/<uuid:uuid>/deposer/", plan.fiche_deposit, name="fiche_deposit"),
    path("<uuid:uuid>/plan/", plan.plan_detail, name="plan_detail"),
    path("<uuid:uuid>/fiches/", plan.fiche_create, name="fiche_create"),
    path("<uuid:uuid>/suivi/", plan.livret_follow, name="livret_follow"),
    path("<uuid:uuid>/rencontres/", reviews.review_propose, name="review_propose"),
    path("<uuid:uuid>/sceller/", livrets.livret_seal, name="livret_seal"),
    path("<uuid:uuid>/representant/", livrets.representative_invite, name="representative_invite"),
    path("lien/<str:token>/bilan/", reviews.link_review, name="link_review"),
    path("lien/<str:token>/", doors.link_access, name="link_access"),
    path("lien/<str:token>/renouveler/", doors.link_renew, name="link_renew"),
    path("lien/<str:token>/lecture/", doors.link_reading, name="link_reading"),
    path("lien/<str:token>/entreprise/", doors.link_company, name="link_company"),
    path("lien/<str:token>/compte/", doors.link_account, name="link_account"),
    path("lien/<str:token>/preuves/<uuid:uuid>/", doors.link_proof, name="link_proof"),
    path(
        "lien/<str:token>/<uuid:uuid>/correction/", periods.link_correction, name="link_correction"
    ),
    path("lien/<str:token>/<uuid:uuid>/", periods.link_detail, name="link_detail"),
    path("lien/<str:token>/<uuid:uuid>/signer/", periods.link_sign, name="link_sign"),
    path("<uuid:uuid>/", livrets.livret_detail, name="livret_detail"),
]
