"""What the history says, in French, of each deed of this app."""

from accounts.history import name_verbs

name_verbs(
    {
        "cfa.create": "CFA créé",
        "programme.create": "Programme créé",
        "programme.load": "Programme chargé",
        "programme.edit": "Programme modifié",
        "programme.hours": "Heures du programme modifiées",
        "programme.fix": "Constat corrigé avec la valeur officielle",
        "programme.duplicate": "Programme dupliqué",
        "programme.publish": "Programme publié",
        "programme.referentiel": "Programme passé à une autre version du référentiel",
        "programme.finding_accept": "Constat de conformité accepté",
        "programme.finding_withdraw": "Acceptation d'un constat retirée",
        "referentiel.copy": "Version du référentiel copiée",
        "referentiel.draft": "Brouillon du référentiel modifié",
        "referentiel.publish": "Version du référentiel publiée",
    }
)
