"""The people of a company to whom the CFA writes."""

from django.db import transaction

from accounts.history import record
from accounts.models import User

from ..field_checks import REACHED, problems, tidy
from ..models import Company, CompanyContact
from ..permissions import must_run_cfa
from .saving import clean_and_save, refuse


@transaction.atomic
def add_contact(*, company: Company, last_name: str, by: User, **fields: str) -> CompanyContact:
    """Note somebody to write to in a company."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    must_run_cfa(by, company.cfa)
    values = {name: tidy(name, value.strip()) for name, value in fields.items()}
    refuse(problems(REACHED, values))
    contact = CompanyContact(company=company, last_name=last_name.strip(), **values)
    clean_and_save(contact)
    record("contact.added", company, cfa=company.cfa, actor=by, data={"contact": str(contact)})
    return contact


@transaction.atomic
def remove_contact(*, contact: CompanyContact, by: User) -> None:
    """Take away a contact who left or was noted by mistake."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=contact.company_id)
    must_run_cfa(by, company.cfa)
    record("contact.removed", company, cfa=company.cfa, actor=by, data={"contact": str(contact)})
    contact.delete()
