"""The technical administration: it reads everything, and writes through the same rules."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm

from . import actions
from .errors import DomainError, NotAllowed
from .models import Cfa, Event, Invitation, Membership, User
from .readonly import ReadOnlyAdmin

admin.site.site_header = "CFA NDRC, administration technique"
admin.site.site_title = "CFA NDRC"
admin.site.index_title = "Données de l'installation"


class UserCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    list_display = ("email", "last_name", "first_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "memberships__role")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("last_name", "first_name", "pk")
    readonly_fields = ("uuid", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("uuid", "email", "password", "first_name", "last_name")}),
        ("Droits techniques", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "first_name", "last_name", "password1", "password2")}),
    )
    filter_horizontal = ("groups",)

    def has_delete_permission(self, request, obj=None) -> bool:
        """A person who leaves is deactivated: what they signed stays theirs."""
        return False

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        actions.confirm_address(user=obj)


@admin.register(Cfa)
class CfaAdmin(admin.ModelAdmin):
    list_display = ("name", "uai", "siret", "city", "ccf_habilite_on", "ccf_habilite_until")
    search_fields = ("name", "slug", "uai", "siret", "city")
    list_filter = ("city",)
    readonly_fields = ("uuid",)
    prepopulated_fields = {"slug": ("name",)}

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            return super().save_model(request, obj, form, change)
        slug = {"slug": obj.slug} if "slug" in form.changed_data else {}
        values = {name: getattr(obj, name) for name in form.changed_data} | slug
        actions.update_cfa(cfa=obj, by=request.user, **values)

    def has_delete_permission(self, request, obj=None) -> bool:
        """A centre keeps its history and its documents."""
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Roles are given here through the action; then only taken away or given back, with history."""

    list_display = ("user", "cfa", "role", "is_active", "created_at")
    list_filter = ("role", "is_active", "cfa")
    list_select_related = ("user", "cfa")
    search_fields = ("user__email", "user__first_name", "user__last_name", "cfa__name")
    autocomplete_fields = ("user", "cfa")
    readonly_fields = ("uuid", "is_active", "created_at")
    actions = ("take_away", "give_back")

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        saved = actions.add_member(cfa=obj.cfa, user=obj.user, role=obj.role, by=request.user)
        obj.pk, obj.uuid = saved.pk, saved.uuid

    @admin.action(description="Retirer l'accès", permissions=["change"])
    def take_away(self, request, queryset) -> None:
        self._each(request, queryset, actions.deactivate_member)

    @admin.action(description="Rétablir l'accès", permissions=["change"])
    def give_back(self, request, queryset) -> None:
        self._each(request, queryset, actions.activate_member)

    def _each(self, request, queryset, deed) -> None:
        for membership in queryset.select_related("cfa", "user"):
            try:
                deed(membership=membership, by=request.user, reason="administration technique")
            except (DomainError, NotAllowed) as error:
                messages.error(request, f"{membership} : {error.message}")
            else:
                messages.success(request, f"{membership} : fait.")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "role", "cfa", "created_at", "expires_at", "accepted_at")
    list_filter = ("role", "cfa")
    list_select_related = ("cfa",)
    search_fields = ("email", "first_name", "last_name", "cfa__name")
    date_hierarchy = "created_at"
    exclude = ("token_hash",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "verb", "subject_label", "subject", "actor_label", "cfa")
    list_filter = ("cfa", "verb", "subject")
    list_select_related = ("cfa",)
    search_fields = ("subject_label", "subject_id", "actor_label", "verb", "reason")
    date_hierarchy = "recorded_at"
