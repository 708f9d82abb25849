"""People, training centres, and who does what in which centre."""

import uuid
from datetime import timedelta

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .enums import Role
from .querysets import CfaQuerySet, EventQuerySet, InvitationQuerySet, MembershipQuerySet
from .rules import compact, nda_problem, postcode_problem, siret_problem, uai_problem


class UserManager(BaseUserManager["User"]):
    """Accounts are known by their e-mail address, in small letters."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra) -> "User":
        if not email:
            raise ValueError("Une adresse e-mail est nécessaire.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who signs in, with an e-mail address as login."""

    username = None  # type: ignore[assignment]  # Django's own way to drop the field
    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ("last_name", "first_name", "pk")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_ci_unique",
                violation_error_message="Cette adresse e-mail est déjà utilisée.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def cfa_ids(self, *roles: Role) -> models.QuerySet:
        """Subquery of the centres where the person is active, in one of these roles if any is given."""
        memberships = self.memberships.active()
        if roles:
            memberships = memberships.filter(role__in=roles)
        return memberships.values("cfa")


class Cfa(models.Model):
    """A training centre (centre de formation d'apprentis) that uses this installation."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("nom court", unique=True)
    uai = models.CharField("numéro UAI", max_length=8, blank=True)
    siret = models.CharField("numéro SIRET", max_length=14, blank=True)
    nda = models.CharField("numéro de déclaration d'activité", max_length=11, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    signatory_name = models.CharField("signataire des documents", max_length=120, blank=True)
    signatory_title = models.CharField("qualité du signataire", max_length=120, blank=True)
    ccf_habilite_on = models.DateField("date d'habilitation au CCF", null=True, blank=True)
    ccf_habilite_until = models.DateField("fin d'habilitation au CCF", null=True, blank=True)

    objects = CfaQuerySet.as_manager()

    class Meta:
        verbose_name = "CFA"
        verbose_name_plural = "CFA"
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                name="accounts_cfa_habilitation_dates_in_order",
                condition=models.Q(ccf_habilite_until__isnull=True)
                | models.Q(ccf_habilite_until__gt=models.F("ccf_habilite_on")),
                violation_error_message="La fin d'habilitation doit suivre son début.",
            )
        ]

    # What the documents of the centre print: without one of them they are incomplete.
    PRINTED = (
        "uai", "siret", "nda", "address", "postcode", "city", "email", "signatory_name", "signatory_title",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def missing(self) -> list[str]:
        """The names of what its documents print and that nobody has written yet."""
        return [
            str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation is printed
            for name in self.PRINTED
            if not getattr(self, name)
        ]

    def clean(self) -> None:
        checks = {
            "siret": siret_problem, "uai": uai_problem, "nda": nda_problem, "postcode": postcode_problem,
        }  # fmt: skip
        errors = {}
        for field, problem_of in checks.items():
            number = compact(getattr(self, field))
            setattr(self, field, number)
            if number and (problem := problem_of(number)):
                errors[field] = problem
        if errors:
            raise ValidationError(errors)


class Membership(models.Model):
    """The role of one person in one CFA."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.CASCADE, related_name="memberships", verbose_name="CFA")
    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name="personne"
    )
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    is_active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle dans un CFA"
        verbose_name_plural = "rôles dans les CFA"
        ordering = ("cfa", "user", "role", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "user", "role"), name="accounts_membership_unique"
            ),
            models.CheckConstraint(
                name="accounts_membership_role_valid",
                condition=models.Q(role__in=Role.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.cfa}"


class Invitation(models.Model):
    """A letter that lets one person take one role in one CFA, once, before it expires.

    Only the hash of the link's secret is kept: whoever reads the database cannot use it.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.CASCADE, related_name="invitations", verbose_name="CFA")
    email = models.EmailField("adresse e-mail")
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("valable jusqu'au")
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acceptée par",
    )
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="accounts_invitation_role_valid",
                condition=models.Q(role__in=Role.values),
            ),
            models.CheckConstraint(
                name="accounts_invitation_accepted_by_someone",
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_invitation_one_end",
                condition=models.Q(accepted_at__isnull=True) | models.Q(cancelled_at__isnull=True),
            ),
            models.UniqueConstraint(
                "cfa",
                Lower("email"),
                "role",
                condition=models.Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="accounts_invitation_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name} · {self.get_role_display()}"

    @property
    def is_expired(self) -> bool:
        return timezone.now() >= self.expires_at


class Event(models.Model):
    """One line of history: who did what to what, when it happened, when it was entered, and why."""

    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="events", verbose_name="CFA")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    actor_label = models.CharField("auteur (nom du moment)", max_length=200)
    verb = models.CharField("action", max_length=60)
    subject = models.CharField("type d'objet", max_length=60)
    subject_id = models.CharField("objet", max_length=36)
    subject_label = models.CharField("objet (nom du moment)", max_length=200)
    happened_at = models.DateTimeField("moment des faits")
    recorded_at = models.DateTimeField("moment de la saisie", default=timezone.now)
    reason = models.TextField("motif", blank=True)
    data = models.JSONField("détails", default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d'historique"
        verbose_name_plural = "historique"
        ordering = ("-recorded_at", "-pk")
        indexes = [models.Index(fields=("subject", "subject_id"), name="accounts_event_subject")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%d/%m/%Y %H:%M} {self.verb} {self.subject_label}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("L'historique ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("L'historique ne s'efface pas.")

    @property
    def is_late(self) -> bool:
        """Entered well after it happened, so that both moments are worth showing."""
        return abs(self.recorded_at - self.happened_at) > timedelta(minutes=5)
