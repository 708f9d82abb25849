"""Apprentices: who they are."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.french import agreed
from accounts.models import Cfa, User
from documents.rules import person_file_name

from ..enums import Nationality, Sex
from ..pay import age_on, birthday
from ..querysets import ApprenticeQuerySet

ADULT_AGE = 18  # Code civil, art. 414


class Apprentice(models.Model):
    """A person who is, or asks to be, trained by a CFA."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="apprentices", verbose_name="CFA")
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="apprentice_profiles",
        verbose_name="compte",
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom de naissance", max_length=100)
    usage_name = models.CharField("nom d'usage", max_length=100, blank=True)
    sex = models.CharField("sexe", max_length=1, choices=Sex.choices, blank=True)
    born_on = models.DateField("date de naissance")
    birth_place = models.CharField("lieu de naissance", max_length=100, blank=True)
    birth_insee = models.CharField("code INSEE du lieu de naissance", max_length=5, blank=True)
    nationality = models.CharField(
        "nationalité", max_length=1, choices=Nationality.choices, blank=True
    )
    ine = models.CharField("INE", max_length=11, blank=True)
    # Only `encryption` reads it: never in a list, a form, an export or the history.
    nir_encrypted = models.TextField("NIR chiffré", blank=True, editable=False)
    # For the carte d'étudiant des métiers only; cut and stripped when it is received.
    photo = models.FileField("photo d'identité", upload_to="photos/%Y/", blank=True, editable=False)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    residence_insee = models.CharField("code INSEE de résidence", max_length=5, blank=True)
    # The fact alone: never the diagnosis.
    rqth = models.BooleanField("reconnu travailleur handicapé (RQTH)", default=False)
    adjustments = models.TextField(
        "aménagements décidés",
        max_length=500,
        blank=True,
        help_text="Ce qui est mis en place (tiers temps, poste adapté), jamais le motif médical.",
    )
    is_emancipated = models.BooleanField("mineur émancipé", default=False)
    legal_representative = models.CharField("représentant légal", max_length=120, blank=True)
    legal_representative_email = models.EmailField("e-mail du représentant légal", blank=True)
    legal_representative_phone = models.CharField(
        "téléphone du représentant légal", max_length=20, blank=True
    )
    legal_representative_address = models.CharField(
        "adresse du représentant légal",
        max_length=200,
        blank=True,
        help_text="Si elle diffère de celle de l'apprenti.",
    )
    second_representative = models.CharField(
        "second représentant légal", max_length=120, blank=True
    )
    second_representative_email = models.EmailField(
        "e-mail du second représentant légal", blank=True
    )
    second_representative_phone = models.CharField(
        "téléphone du second représentant légal", max_length=20, blank=True
    )
    # Codes of `apprentices.codes`: the lists are dated data, not choices of the column.
    situation_before = models.CharField("situation avant le contrat", max_length=2, blank=True)
    last_class = models.CharField("dernière classe suivie", max_length=2, blank=True)
    last_diploma = models.CharField("dernier diplôme préparé", max_length=2, blank=True)
    last_diploma_title = models.CharField(
        "intitulé du dernier diplôme préparé", max_length=120, blank=True
    )
    highest_diploma = models.CharField("diplôme le plus élevé obtenu", max_length=2, blank=True)
    situation_n1 = models.CharField("situation l'an passé (SIFA)", max_length=4, blank=True)
    school_n1 = models.CharField(
        "établissement de l'an passé (SIFA)",
        max_length=8,
        blank=True,
        help_text="UAI, ou département sur 3 caractères ; 990 UE, 991 hors UE, 993 inconnu.",
    )
    boarding = models.CharField("régime scolaire (SIFA)", max_length=2, blank=True)
    representative_pcs = models.CharField(
        "profession du représentant légal (SIFA)", max_length=2, blank=True
    )

    objects = ApprenticeQuerySet.as_manager()

    class Meta:
        verbose_name = "apprenti"
        verbose_name_plural = "apprentis"
        ordering = ("last_name", "first_name", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_apprentice_sex_valid",
                condition=Q(sex="") | Q(sex__in=Sex.values),
            ),
            models.CheckConstraint(
                name="apprentices_apprentice_nationality_valid",
                condition=Q(nationality="") | Q(nationality__in=Nationality.values),
            ),
            models.UniqueConstraint(
                fields=("cfa", "first_name", "last_name", "born_on"),
                name="apprentices_apprentice_identity_unique",
                violation_error_message="Cet apprenti existe déjà (mêmes nom, prénom et naissance).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.usage_name or self.last_name}"

    @property
    def mailbox(self) -> str:
        """Where this person is written to: the address of the account, else the one on file."""
        return self.user.email if self.user else self.email

    @property
    def has_nir(self) -> bool:
        return bool(self.nir_encrypted)

    def is_minor_on(self, day: date) -> bool:
        """Under 18 that day and not emancipated (Code civil, art. 413-6 and 414): others sign and are told."""
        return not self.is_emancipated and age_on(self.born_on, day) < ADULT_AGE

    @property
    def is_minor(self) -> bool:
        """Today."""
        return self.is_minor_on(timezone.localdate())

    @property
    def adult_on(self) -> date:
        """The eighteenth birthday, as every age here is counted."""
        return birthday(self.born_on, ADULT_AGE)

    def representative_on(self, day: date) -> str:
        """Who signs with the apprentice what is signed that day; nobody with an adult."""
        return self.legal_representative if self.is_minor_on(day) else ""

    def file_name(self, kind: str, on: date | None = None) -> str:
        """The name of a document about this person, of today unless said: NOM_Prenom_kind_AAAA-MM-JJ.pdf."""
        name = self.usage_name or self.last_name
        return person_file_name(name, self.first_name, kind, on or timezone.localdate())

    def agree(self, words: str) -> str:
        """« inscrit(e) » as this person is."""
        return agreed(words, self.sex)


class HeldDiploma(models.Model):
    """A diploma that the person already holds: it may dispense from units of the BTS."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    apprentice = models.ForeignKey(
        Apprentice, models.CASCADE, related_name="diplomas", verbose_name="apprenti"
    )
    code = models.CharField("nature du diplôme", max_length=2)
    title = models.CharField("intitulé", max_length=120)
    obtained_in = models.PositiveSmallIntegerField("année d'obtention")
    is_french = models.BooleanField("diplôme national français", default=True)
    has_law_economics = models.BooleanField(
        "une unité de droit, économie et management est validée", default=False
    )
    has_proof = models.BooleanField("copie du diplôme reçue", default=False)

    class Meta:
        verbose_name = "diplôme détenu"
        verbose_name_plural = "diplômes détenus"
        ordering = ("-obtained_in", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("apprentice", "code", "title"),
                name="apprentices_helddiploma_unique",
                violation_error_message="Ce diplôme est déjà noté.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.obtained_in})"
