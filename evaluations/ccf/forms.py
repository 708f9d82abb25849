"""What the pages of the CCF's organisation send."""

from django import forms

from accounts.models import User
from accounts.signatures import BadSignature, parse_strokes
from apprentices.models import Cohort, Enrolment

from ..enums import MemberKind

DAY = {"type": "date"}


class SittingForm(forms.Form):
    """When, where and before whom one candidate passes."""

    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    starts = forms.TimeField(
        label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    room = forms.CharField(label="Salle", max_length=60)
    trainers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Formateurs de la commission",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un formateur de la promotion."},
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trainers"].queryset = cohort.trainers.all()


class OneSittingForm(SittingForm):
    """One candidate: the guests of E4 and the extra time besides."""

    guest = forms.CharField(
        label="Autre membre (E4)",
        required=False,
        max_length=120,
        help_text="Tuteur, maître d'apprentissage ou formateur de l'atelier, associé à la commission.",
    )
    guest_kind = forms.ChoiceField(
        label="En qualité de",
        required=False,
        choices=[("", "—"), *[c for c in MemberKind.choices if c[0] != MemberKind.TEACHER]],
    )
    guest_email = forms.EmailField(
        label="E-mail de ce membre",
        required=False,
        help_text="Pour sa convocation ; celui du maître d'apprentissage du contrat est repris tout seul.",
    )
    extra = forms.IntegerField(
        label="Temps majoré (minutes)",
        min_value=0,
        max_value=60,
        initial=0,
        help_text="Aménagement d'un candidat en situation de handicap ; un tiers le plus souvent.",
    )

    def clean(self):
        data = super().clean()
        if data.get("guest") and not data.get("guest_kind"):
            self.add_error("guest_kind", "Dites en quelle qualité cette personne siège.")
        return data


class SeriesForm(SittingForm):
    """A row of candidates, one after the other."""

    gap = forms.IntegerField(
        label="Minutes entre deux candidats", min_value=0, max_value=60, initial=5
    )
    enrolments = forms.ModelMultipleChoiceField(
        Enrolment.objects.none(),
        label="Candidats, dans cet ordre",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un candidat."},
    )

    def __init__(self, *args, waiting: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["enrolments"]
        field.queryset = Enrolment.objects.filter(
            pk__in=[one.pk for one in waiting]
        ).select_related("apprentice")
        field.label_from_instance = lambda one: str(one.apprentice)
        field.initial = [one.pk for one in waiting]


class AbsenceForm(forms.Form):
    is_justified = forms.BooleanField(label="L'absence est justifiée", required=False)
    reason = forms.CharField(label="Motif", required=False, max_length=300)


class CancelForm(forms.Form):
    """Why a sitting does not take place, and whether the others of the day neither."""

    reason = forms.CharField(
        label="Motif", max_length=300, help_text="Il est dit aux personnes convoquées."
    )
    whole_day = forms.BooleanField(required=False)

    def __init__(self, *args, others: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not others:
            del self.fields["whole_day"]
            return
        what = f"les {others} autres passages" if others > 1 else "l'autre passage"
        self.fields["whole_day"].label = f"Annuler aussi {what} de cette situation ce jour-là"


class DeadlineForm(forms.Form):
    deposit_on = forms.DateField(
        label="Dépôt au plus tard le", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


class PublicationForm(forms.Form):
    session = forms.IntegerField(label="Session", min_value=2020, max_value=2100)
    published_on = forms.DateField(
        label="Délibération publiée le", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


class SignerForm(forms.Form):
    """Who signs, among the members named on the sheet."""

    name = forms.ChoiceField(label="Qui signe")

    def __init__(self, *args, names: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(one, one) for one in names]


class DeviceSignatureForm(SignerForm):
    """A drawing, or the name typed."""

    strokes = forms.CharField(label="Signature", required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(required=False, max_length=120)

    def clean_strokes(self):
        try:
            return parse_strokes(self.cleaned_data["strokes"])
        except BadSignature as error:
            raise forms.ValidationError(str(error)) from error


class HandSignatureForm(SignerForm):
    """The scan of the sheet, and the day it was signed."""

    signed_on = forms.DateField(
        label="Signée à la main le", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label="Scan ou photo de la fiche signée",
        help_text="PDF, JPEG ou PNG, 5 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
