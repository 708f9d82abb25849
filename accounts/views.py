"""The pages of one's own account: name, places, role under which one works."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .forms import ProfileForm
from .http import Request
from .middleware import SESSION_KEY


def profile(request: Request) -> HttpResponse:
    """One's name, places and the doors to password, second factor and sessions."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("accounts:profile")
    if form.is_bound:
        request.user.refresh_from_db()  # a refused name must not show in the navigation
    places = request.user.memberships.active().select_related("cfa")
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/profile_edit.html", {"form": form, "places": places}, status=status
    )


@require_POST
def membership_switch(request: Request) -> HttpResponse:
    """Work from now on under another of one's own roles."""
    chosen = request.POST.get("membership", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        return render(request, "400.html", status=400)
    membership = get_object_or_404(request.user.memberships.active(), pk=int(chosen))
    request.session[SESSION_KEY] = membership.pk
    messages.success(
        request,
        f"Vous travaillez maintenant pour {membership.cfa} ({membership.get_role_display()}).",
    )
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "home"
    return redirect(target)
