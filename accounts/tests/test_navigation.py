import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.navigation import ENTRIES, links_for


def test_each_role_has_its_entries():
    assert set(ENTRIES) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_it_marks_the_page_where_one_is(role):
    # The home of a maître is the list of his apprentices: one entry for one page.
    home = reverse("livret:maitre_home") if role == Role.MAITRE else "/"
    assert [link.url for link in links_for(role, home) if link.current] == [home]


def test_it_marks_the_entry_above_a_page_below_it():
    current = list(links_for(Role.STAFF, reverse("accounts:member_list") + "x/"))
    assert [link.label for link in current if link.current] == ["Équipe et accès"]


def test_it_shows_a_stranger_nothing():
    assert links_for("nobody", "/") == []
