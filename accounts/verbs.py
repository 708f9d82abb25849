"""What the history says, in French, of each deed of this app."""

from accounts.history import name_verbs

name_verbs(
    {
        "update_cfa": "CFA modifié",
        "invite_person": "Invitation envoyée",
        "accept_invitation": "Invitation acceptée",
        "cancel_invitation": "Invitation annulée",
        "add_member": "Rôle attribué",
        "change_role": "Rôle changé",
        "deactivate_member": "Accès retiré",
        "activate_member": "Accès rétabli",
    }
)
