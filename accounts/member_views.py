"""A CFA, its people and their invitations."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from . import actions
from .enums import Role
from .errors import DomainError
from .forms import AcceptForm, CfaForm, InvitationForm, MemberFilterForm, MemberForm
from .http import Request, show_refusal
from .models import Cfa, Invitation, Membership
from .permissions import admin_required, reader_required, staff_required

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@admin_required
def cfa_edit(request: Request) -> HttpResponse:
    """What the centre's documents print; the history is below."""
    cfa = Cfa.objects.get(pk=request.membership.cfa_id)  # the navigation keeps its own
    form = CfaForm(request.POST or None, instance=cfa)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_cfa(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "La fiche du CFA est à jour ; les documents émis restent.")
            return redirect("accounts:member_list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "missing": request.membership.cfa.missing}
    return render(request, "accounts/cfa_edit.html", context, status=status)


@reader_required
def member_list(request: Request) -> HttpResponse:
    cfa = request.membership.cfa
    filters = MemberFilterForm(request.GET)
    members = Membership.objects.visible_to(request.user).filter(cfa=cfa).select_related("user")
    if filters.is_valid():
        if role := filters.cleaned_data["role"]:
            members = members.filter(role=role)
        for word in filters.cleaned_data["q"].split():
            members = members.filter(
                Q(user__first_name__icontains=word)
                | Q(user__last_name__icontains=word)
                | Q(user__email__icontains=word)
            )
    members = members.order_by("user__last_name", "user__first_name", "role", "pk")
    pending = Invitation.objects.visible_to(request.user).filter(cfa=cfa).pending()
    context = {
        "filters": filters,
        "page": Paginator(members, 25).get_page(request.GET.get("page")),
        "invitations": pending[:100],
        "now": timezone.now(),
        "is_admin": request.membership.role == Role.ADMIN,
        "is_staff": request.membership.role in (Role.ADMIN, Role.STAFF),
    }
    return render(request, "accounts/member_list.html", context)


@staff_required
def member_invite(request: Request) -> HttpResponse:
    is_admin = request.membership.role == Role.ADMIN
    form = InvitationForm(request.POST or None, may_name_admin=is_admin)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite_person(
                cfa=request.membership.cfa, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            _say_sent(request, invitation)
            return redirect("accounts:member_list")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/member_invite.html", {"form": form}, status=status)


def _say_sent(request: Request, invitation: Invitation) -> None:
    invitation.refresh_from_db()
    if invitation.sent_at:
        messages.success(request, f"L'invitation est partie à {invitation.email}.")
    else:
        messages.warning(
            request,
            f"L'invitation de {invitation.email} est enregistrée, mais le message n'est pas parti. "
            "Vérifiez l'adresse, puis choisissez « Renvoyer ».",
        )


@staff_required
@require_POST
def invitation_resend(request: Request, uuid: UUID) -> HttpResponse:
    invitation = _pending(request, uuid)
    try:
        _say_sent(request, actions.resend_invitation(invitation=invitation, by=request.user))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("accounts:member_list")


@staff_required
@require_POST
def invitation_cancel(request: Request, uuid: UUID) -> HttpResponse:
    invitation = _pending(request, uuid)
    try:
        actions.cancel_invitation(invitation=invitation, by=request.user)
        messages.success(request, f"L'invitation de {invitation.email} est annulée.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("accounts:member_list")


def _pending(request: Request, uuid: UUID) -> Invitation:
    mine = Invitation.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    return get_object_or_404(mine.pending(), uuid=uuid)


@admin_required
def member_edit(request: Request, uuid: UUID) -> HttpResponse:
    """Change a role, take an access away or give it back; the history is below."""
    members = Membership.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    member = get_object_or_404(members.select_related("user", "cfa"), uuid=uuid)
    form = MemberForm(request.POST or None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, member, form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"L'accès de {member.user} est à jour.")
            return redirect("accounts:member_list")
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/member_edit.html", {"form": form, "member": member}, status=status
    )


def _do(request: Request, member: Membership, values: dict) -> None:
    deed = request.POST.get("deed")
    common = {"membership": member, "by": request.user, "reason": values["reason"]}
    if deed == "deactivate":
        actions.deactivate_member(**common)
    elif deed == "activate":
        actions.activate_member(**common)
    else:
        actions.change_role(role=values["role"], **common)


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation_accept(request: Request, token: str) -> HttpResponse:
    """The page behind the link of an invitation.

    A new person chooses a password and lands at home. A known one signs in as usual, limits and second
    factor included, and takes the role.
    """
    try:
        invitation = actions.find_invitation(token)
        account = actions.account_of(invitation)
        form = None if account else AcceptForm(request.POST or None)
        if account and request.method == "POST" and account == request.user:
            actions.accept_invitation(token=token, by=account)
            messages.success(request, f"Votre rôle à {invitation.cfa} est ouvert.")
            return redirect("home")
        if form and form.is_valid() and _opened(request, token, form):
            return redirect("home")
    except actions.InvalidInvitation as error:
        return render(request, "accounts/invitation_invalid.html", {"error": error}, status=404)
    context = {"form": form, "invitation": invitation, "account": account}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/invitation_accept.html", context, status=status)


def _opened(request: Request, token: str, form: AcceptForm) -> bool:
    """Whether the account is open; the person is then signed in."""
    try:
        user = actions.accept_invitation(token=token, password=form.cleaned_data["password"])
    except actions.InvalidInvitation:
        raise
    except DomainError as error:
        show_refusal(form, error)
        return False
    login(request, user, backend=BACKEND)
    messages.success(request, f"Bienvenue, {user.first_name}. Votre accès est ouvert.")
    return True
