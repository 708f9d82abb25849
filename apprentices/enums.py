from django.db import models


class ContractKind(models.TextChoices):
    APPRENTISSAGE = "apprentissage", "Contrat d'apprentissage"
    PROFESSIONNALISATION = "professionnalisation", "Contrat de professionnalisation"


class ContractState(models.TextChoices):
    """From the complete entry on; what is still being typed is a ContractDraft ("Brouillon")."""

    COMPLETE = "complete", "Complet, à signer"
    SIGNED = "signed", "Signé"
    TRANSMITTED = "transmitted", "Transmis à l'OPCO"
    ACCEPTED = "accepted", "Accepté par l'OPCO"
    REFUSED = "refused", "Refusé par l'OPCO"
    RUNNING = "running", "En cours"
    ENDED = "ended", "Terminé"
    BROKEN = "broken", "Rompu"


class PayBase(models.TextChoices):
    SMIC = "smic", "SMIC"
    SMC = "smc", "Salaire minimum conventionnel"


class ContractAction(models.TextChoices):
    SIGN = "sign", "Enregistrer la signature"
    TRANSMIT = "transmit", "Enregistrer la transmission à l'OPCO"
    ACCEPT = "accept", "Enregistrer l'accord de l'OPCO"
    REFUSE = "refuse", "Enregistrer le refus de l'OPCO"
    REOPEN = "reopen", "Corriger après le refus"
    START = "start", "Faire commencer"
    END = "end", "Terminer"
    BREAK = "break", "Rompre"


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


class ContractMode(models.TextChoices):
    """Box "mode contractuel" of the CERFA 10103 (notice 51649)."""

    LIMITED = "1", "1 · À durée limitée"
    CDI = "2", "2 · Dans le cadre d'un CDI"
    TEMPORARY = "3", "3 · Entreprise de travail temporaire"
    SEASONAL = "4", "4 · Activités saisonnières à deux employeurs"


class SocialRegime(models.TextChoices):
    """Box "régime social" of the CERFA 10103."""

    MSA = "1", "1 · MSA"
    URSSAF = "2", "2 · URSSAF"


class ContractType(models.TextChoices):
    """Box "type de contrat" of the CERFA 10103; 31 to 38 are amendments (avenants)."""

    FIRST = "11", "11 · Premier contrat d'apprentissage"
    SAME_EMPLOYER = "21", "21 · Même employeur, contrat précédent arrivé à terme"
    OTHER_EMPLOYER = "22", "22 · Autre employeur, contrat précédent arrivé à terme"
    AFTER_BREAK = "23", "23 · Autre employeur, contrat précédent rompu"


class AmendmentType(models.TextChoices):
    LEGAL = "31", "31 · Modification de la situation juridique de l'employeur"
    SEASONAL = "32", "32 · Changement d'employeur, contrat saisonnier"
    AFTER_FAILURE = "33", "33 · Prolongation après un échec à l'examen"
    RQTH = "34", "34 · Prolongation d'un travailleur handicapé"
    DIPLOMA = "35", "35 · Diplôme préparé modifié ou supplémentaire"
    OTHER = "36", "36 · Autres changements (maître, durée hebdomadaire, réduction de durée…)"
    PLACE = "37", "37 · Lieu d'exécution du contrat"
    TRAINING_PLACE = "38", "38 · Lieu principal de la formation théorique"


class AmendmentState(models.TextChoices):
    PREPARED = "prepared", "À signer"
    SIGNED = "signed", "Signé"
    TRANSMITTED = "transmitted", "Transmis à l'OPCO"
    ACCEPTED = "accepted", "Accepté par l'OPCO"
    REFUSED = "refused", "Refusé par l'OPCO"
    CANCELLED = "cancelled", "Abandonné"


class Over29Reason(models.TextChoices):
    """Why someone above 29 may sign (V03: L6222-2, D6222-1)."""

    HIGHER = "a", "Contrat suivant, vers un diplôme de niveau supérieur"
    BROKEN = "b", "Rupture non imputable à l'apprenti ou inaptitude temporaire"
    RQTH = "c", "Travailleur handicapé (RQTH)"
    FOUNDER = "d", "Projet de création ou de reprise d'entreprise"
    ATHLETE = "e", "Sportif de haut niveau"
    FAILURE = "f", "Échec à l'examen, nouveau contrat chez un autre employeur"


class DurationReason(models.TextChoices):
    """Why the contract is not as long as the cycle (V09)."""

    POSITIONING = "positionnement", "Acquis reconnus, convention tripartite (R6222-9)"
    FAILURE = "echec", "Échec à l'examen (L6222-11)"
    BEFORE = "avant_contrat", "Formation commencée avant le contrat (L6222-12-1)"
    RQTH = "rqth", "Travailleur handicapé (L6222-37 2°)"
    ATHLETE = "sportif", "Sportif de haut niveau (L6222-40 1°)"
    BREAK = "rupture", "Nouveau contrat après une rupture (R6222-23-1)"


class MaitreCompetence(models.TextChoices):
    """How the maître d'apprentissage is competent (V11: R6223-22)."""

    DIPLOMA = "diplome", "Diplôme du même domaine et de même niveau au moins, plus un an d'activité"
    EXPERIENCE = "experience", "Deux ans d'activité en rapport avec le diplôme préparé"
    AGREEMENT = "accord", "Conditions d'un accord de branche"


class RuptureMotive(models.TextChoices):
    """Section 1.7 of the rules: how a contract of apprenticeship may end before its term."""

    TRIAL_EMPLOYER = "ESSAI_EMPLOYEUR", "Pendant les 45 premiers jours, par l'employeur"
    TRIAL_APPRENTICE = "ESSAI_APPRENTI", "Pendant les 45 premiers jours, par l'apprenti"
    AGREEMENT = "ACCORD", "Accord entre l'employeur et l'apprenti"
    RESIGNATION = "DEMISSION", "Démission de l'apprenti"
    MISCONDUCT = "FAUTE_GRAVE", "Licenciement pour faute grave"
    FORCE_MAJEURE = "FORCE_MAJEURE", "Licenciement pour force majeure"
    UNFIT = "INAPTITUDE", "Licenciement pour inaptitude"
    EMPLOYER_DEATH = "DECES_EMPLOYEUR", "Décès de l'employeur, entreprise d'une personne"
    EXCLUSION = "EXCLUSION_CFA", "Exclusion définitive du CFA"
    DIPLOMA = "DIPLOME", "Diplôme obtenu avant le terme"
    LIQUIDATION = "LIQUIDATION", "Liquidation judiciaire de l'entreprise"
    RISK = "RISQUE", "Risque pour la santé ou l'intégrité, décision de l'administration"


class RuptureOutcome(models.TextChoices):
    NEW_CONTRACT = "contrat", "Nouveau contrat signé"
    OTHER_ROUTE = "autre_voie", "Autre voie de formation"
    DIPLOMA = "diplome", "Diplôme obtenu"
    LEFT = "abandon", "Abandon de la formation"
    SIX_MONTHS = "six_mois", "Six mois écoulés sans contrat"


class InstalmentState(models.TextChoices):
    INVOICED = "invoiced", "Facturée"
    PAID = "paid", "Payée"


class DeadlineCode(models.TextChoices):
    """What a contract's calendar owes; the text of each is in apprentices/deadlines.py."""

    TRANSMISSION = "transmission", "Transmettre à l'OPCO"
    DECISION = "decision", "Décision de l'OPCO"
    TRIAL = "essai_45", "Fin des 45 jours en entreprise"
    MEDICAL = "visite", "Visite d'information et de prévention"
    BREAK_TOLD = "opco_rupture", "Prévenir l'OPCO de la rupture"
    AFTER_BREAK = "suite_rupture", "Fin des six mois dus après la rupture"
    EXCLUSION = "suite_exclusion", "Deux mois pour trouver un autre CFA"
    LAST_INVOICE = "solde", "Dernière facture à l'OPCO"


class CertificateKind(models.TextChoices):
    """The administrative documents of an enrolment; the value is the document's kind."""

    ENROLMENT = "certificat_inscription", "Certificat d'inscription"
    CARD = "carte_etudiant_metiers", "Carte d'étudiant des métiers"
    CALENDAR = "calendrier_alternance", "Calendrier de l'alternance"
