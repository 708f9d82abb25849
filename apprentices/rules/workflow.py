"""The states of a contract and of an amendment, and the deeds that lead from one to the next."""

from ..enums import AmendmentState, ContractAction, ContractState

S, A = ContractState, ContractAction

TRANSITIONS: dict[tuple[ContractState, ContractAction], ContractState] = {
    (S.COMPLETE, A.SIGN): S.SIGNED,
    (S.SIGNED, A.TRANSMIT): S.TRANSMITTED,
    (S.TRANSMITTED, A.ACCEPT): S.ACCEPTED,
    (S.TRANSMITTED, A.REFUSE): S.REFUSED,
    # A missing document is added and the same contract sent again, or what is wrong is corrected.
    (S.REFUSED, A.TRANSMIT): S.TRANSMITTED,
    (S.REFUSED, A.REOPEN): S.COMPLETE,
    (S.ACCEPTED, A.START): S.RUNNING,
    (S.RUNNING, A.END): S.ENDED,
    **{
        (state, A.BREAK): S.BROKEN
        for state in (S.SIGNED, S.TRANSMITTED, S.ACCEPTED, S.REFUSED, S.RUNNING)
    },
}

# Nobody has signed yet: it may be corrected, and binds no one.
UNSIGNED = (ContractState.COMPLETE,)
# It no longer binds the maître d'apprentissage.
CLOSED = (ContractState.ENDED, ContractState.BROKEN)
# Signed and not finished.
BINDING = (
    ContractState.SIGNED,
    ContractState.TRANSMITTED,
    ContractState.ACCEPTED,
    ContractState.REFUSED,
    ContractState.RUNNING,
)

AMENDMENT_TRANSITIONS: dict[tuple[AmendmentState, str], AmendmentState] = {
    (AmendmentState.PREPARED, "sign"): AmendmentState.SIGNED,
    (AmendmentState.PREPARED, "cancel"): AmendmentState.CANCELLED,
    (AmendmentState.SIGNED, "transmit"): AmendmentState.TRANSMITTED,
    (AmendmentState.TRANSMITTED, "accept"): AmendmentState.ACCEPTED,
    (AmendmentState.TRANSMITTED, "refuse"): AmendmentState.REFUSED,
    (AmendmentState.REFUSED, "transmit"): AmendmentState.TRANSMITTED,
}


def next_state(state: str, action: ContractAction) -> ContractState | None:
    """Where the deed leads, or None when the state does not allow it."""
    return TRANSITIONS.get((ContractState(state), action))
