"""The frozen context of the attestation of units and blocs acquired, worded as the CFA's own."""

from typing import Any

from accounts.french import long_date
from evaluations.models import ExamRegistration

KIND = "attestation_unites"


def attestation_context(registration: ExamRegistration) -> dict[str, Any]:
    """Plain values: who, which session, which units with their bloc, mark and validity."""
    session, person = registration.session, registration.enrolment.apprentice
    referentiel = session.referentiel
    deliberated = session.deliberated_on
    return {
        "diploma": f"{referentiel.diploma} {referentiel.title}",
        "rncp": referentiel.rncp,
        "session": session.year,
        "deliberated_on": long_date(deliberated),
        "person": {
            "name": f"{person.first_name} {person.last_name}",
            "usage_name": person.usage_name,
            "born_on": long_date(person.born_on),
            "sex": person.sex,
            "birth_place": person.birth_place,
        },
        "candidate_number": registration.candidate_number,
        "decision": registration.get_decision_display(),
        "units": registration.verdict.get("acquired", []),
        "uuid": str(registration.uuid),
    }
