from django.db import models


class ContractKind(models.TextChoices):
    APPRENTISSAGE = "apprentissage", "Contrat d'apprentissage"
    PROFESSIONNALISATION = "professionnalisation", "Contrat de professionnalisation"


class ContractState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SIGNED = "signed", "Signé"
    TRANSMITTED = "transmitted", "Transmis à l'OPCO"
    RUNNING = "running", "En cours"
    ENDED = "ended", "Terminé"
    BROKEN = "broken", "Rompu"


class PayBase(models.TextChoices):
    SMIC = "smic", "SMIC"
    SMC = "smc", "Salaire minimum conventionnel"


class ContractAction(models.TextChoices):
    SIGN = "sign", "Enregistrer la signature"
    TRANSMIT = "transmit", "Enregistrer la transmission à l'OPCO"


class Derogation(models.TextChoices):
    """Box "type de dérogation" of the CERFA 10103 (notice 51649)."""

    UNDER_16 = "11", "11 · Âge inférieur à 16 ans"
    OVER_29 = "12", "12 · Âge supérieur à 29 ans"
    SHORTER = "21", "21 · Réduction de la durée"
    LONGER = "22", "22 · Allongement de la durée"
    SEVERAL = "50", "50 · Cumul de dérogations"
    OTHER = "60", "60 · Autre dérogation"


class FindingLevel(models.TextChoices):
    BLOCKING = "B", "Bloquant"
    WARNING = "W", "À vérifier"


class Sex(models.TextChoices):
    """As the CERFA 10103 codes it."""

    MALE = "M", "Masculin"
    FEMALE = "F", "Féminin"


class Nationality(models.TextChoices):
    """Box "nationalité" of the CERFA 10103 (notice 51649), and column 35 of SIFA."""

    FRENCH = "1", "Française"
    EUROPEAN = "2", "Union européenne"
    OTHER = "3", "Étranger hors Union européenne"


class MaitreStatus(models.TextChoices):
    """Who may be maître d'apprentissage (CT L6223-8-1, V10)."""

    EMPLOYEE = "salarie", "Salarié de l'entreprise"
    EMPLOYER = "employeur", "Employeur"
    SPOUSE = "conjoint", "Conjoint collaborateur"


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    RECEIVED = "received", "À instruire"
    WAITING = "waiting", "Liste d'attente"
    ADMITTED = "admitted", "Admis"
    ENROLLED = "enrolled", "Inscrit"
    REFUSED = "refused", "Non retenu"
    WITHDRAWN = "withdrawn", "Désisté"


class ApplicationAction(models.TextChoices):
    ADMIT = "admit", "Admettre"
    WAITLIST = "waitlist", "Mettre en liste d'attente"
    REFUSE = "refuse", "Ne pas retenir"
    WITHDRAW = "withdraw", "Enregistrer le désistement"
    REOPEN = "reopen", "Rouvrir la candidature"
    ENROL = "enrol", "Inscrire"


class InterviewOpinion(models.TextChoices):
    FAVOURABLE = "favorable", "Favorable"
    RESERVED = "reserve", "Réservé"
    UNFAVOURABLE = "defavorable", "Défavorable"


class ImportKind(models.TextChoices):
    APPRENTICES = "apprentis", "Apprentis"
    COMPANIES = "entreprises", "Entreprises"
    CONTRACTS = "contrats", "Contrats"


class ImportState(models.TextChoices):
    MAPPING = "mapping", "Colonnes à confirmer"
    CHECKING = "checking", "Vérification en cours"
    REFUSED = "refused", "À corriger"
    READY = "ready", "Prêt à importer"
    WRITING = "writing", "Import en cours"
    DONE = "done", "Importé"
    FAILED = "failed", "Interrompu"


class SifaNature(models.TextChoices):
    """Column 6 of SIFA, NAT_STR_JUR."""

    CFA = "CFA", "CFA"
    SA = "SA", "Section d'apprentissage"
    UFA = "UFA", "Unité de formation par apprentissage"
    L6231_3 = "L. 6231-3", "Convention L. 6231-3"
    NC = "NC", "Non concerné (aucun EPLE)"
