"""Versions of a référentiel: copied, changed by file, published with a reason, then never changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from programmes import actions, store
from programmes.loader import read_bundle, read_text, write_referentiel
from programmes.models import Epreuve, Referentiel, SousCompetence
from programmes.tests.recipes import load_ndrc

REASON = "Arrêté d'essai du 1er juin 2026"


def test_a_version_written_as_a_file_reads_back_the_same():
    for data in read_bundle().referentiels:
        text = write_referentiel(data.tree, edition=3)
        bundle = read_text("retour.toml", text.encode())
        assert bundle.problems == []
        assert bundle.referentiels[0].edition == 3
        again = bundle.referentiels[0].tree
        assert write_referentiel(again, edition=3) == text
        assert again.fields == data.tree.fields
        assert set(again.children["blocs"]) == set(data.tree.children["blocs"])


def test_an_uploaded_file_is_refused_with_its_lines():
    assert "version entière" in str(read_text("x.toml", b'nature = "base"').problems[0])
    assert "x.toml:1" in str(read_text("x.toml", b"a = [").problems[0])
    assert "UTF-8" in str(read_text("x.toml", b"\xff\xfe").problems[0])
    assert "1000 ko" in str(read_text("x.toml", b"#" * 1_000_001).problems[0])


@pytest.mark.django_db
class TestLife:
    @pytest.fixture
    def version(self, cast):
        return load_ndrc(cast.cfa.slug).referentiel

    def test_a_published_row_cannot_be_written_in_any_way(self, version):
        epreuve = version.epreuves.get(code="E1")
        epreuve.coefficient = 9
        line = SousCompetence.objects.filter(competence__bloc__referentiel=version).first()
        for deed in (
            epreuve.save,
            line.delete,
            version.save,
            version.delete,
            lambda: version.epreuves.update(coefficient=9),
            lambda: version.epreuves.all().delete(),
            lambda: Referentiel.objects.filter(pk=version.pk).update(title="x"),
            lambda: Epreuve.objects.bulk_update([epreuve], ["coefficient"]),
            lambda: Epreuve.objects.bulk_create([epreuve]),
        ):
            with pytest.raises(DomainError, match="ne change plus"):
                deed()
        assert version.epreuves.get(code="E1").coefficient == 3

    def test_a_copy_is_published_with_a_reason_and_replaces(self, cast, version):
        copy = actions.copy_referentiel(referentiel=version, session_from=2025, by=cast.elise)
        assert (copy.edition, copy.state) == (2, "draft")
        with pytest.raises(DomainError, match="Rien ne diffère"):
            actions.publish_referentiel(referentiel=copy, reason=REASON, by=cast.elise)
        text = write_referentiel(store.dump(copy), edition=2)
        changed = text.replace("duration_minutes = 180", "duration_minutes = 150")
        data = read_text("v.toml", changed.encode()).referentiels[0]
        found = actions.replace_draft(referentiel=copy, data=data, by=cast.elise)
        assert {str(change).split(" : ")[1] for change in found} >= {"180 -> 150"}
        with pytest.raises(DomainError, match="pourquoi"):
            actions.publish_referentiel(referentiel=copy, reason="court", by=cast.elise)
        actions.publish_referentiel(referentiel=copy, reason=REASON, by=cast.elise)
        version.refresh_from_db()
        assert version.state == "superseded"
        programme = cast.cfa.programmes.get()
        assert programme.referentiel == copy  # nothing hung on it
        with pytest.raises(DomainError, match="publiée"):
            actions.replace_draft(referentiel=copy, data=data, by=cast.elise)

    def test_who_runs_one_centre_does_not_publish_for_another(self, cast, version, signed_in):
        copy = actions.copy_referentiel(referentiel=version, session_from=2028, by=cast.gaelle)
        url = reverse("programmes:referentiel_publish", args=[copy.uuid])
        client = signed_in(cast.gaelle)
        assert "administration technique" in client.get(url).content.decode()
        refused = client.post(url, {"reason": REASON})
        assert refused.status_code == 422
        assert "essai du 1er juin 2026" in refused.content.decode()  # what was typed stays
        copy.refresh_from_db()
        assert copy.state == "draft"
        cast.gaelle.is_superuser = True
        cast.gaelle.save()
        data = read_text(
            "v.toml",
            write_referentiel(store.dump(copy), edition=1).replace("120", "121", 1).encode(),
        ).referentiels[0]
        actions.replace_draft(referentiel=copy, data=data, by=cast.gaelle)
        actions.publish_referentiel(referentiel=copy, reason=REASON, by=cast.gaelle)

    def test_a_version_for_later_sessions_closes_the_one_before(self, cast, version):
        copy = actions.copy_referentiel(referentiel=version, session_from=2028, by=cast.elise)
        text = write_referentiel(store.dump(copy), edition=1).replace("ects = 120", "ects = 121")
        data = read_text("v.toml", text.encode()).referentiels[0]
        actions.replace_draft(referentiel=copy, data=data, by=cast.elise)
        actions.publish_referentiel(referentiel=copy, reason=REASON, by=cast.elise)
        version.refresh_from_db()
        assert (version.state, version.session_to) == ("published", 2027)
        assert Referentiel.objects.for_session("RNCP38368", 2027).get() == version
        assert Referentiel.objects.for_session("RNCP38368", 2028).get() == copy

    def test_a_copy_outside_the_sessions_or_twice_is_refused(self, cast, version):
        with pytest.raises(DomainError, match="entre 2025"):
            actions.copy_referentiel(referentiel=version, session_from=2024, by=cast.elise)
        actions.copy_referentiel(referentiel=version, session_from=2025, by=cast.elise)
        with pytest.raises(DomainError, match="brouillon existe"):
            actions.copy_referentiel(referentiel=version, session_from=2025, by=cast.elise)
        with pytest.raises(NotAllowed, match="équipe"):
            actions.copy_referentiel(referentiel=version, session_from=2026, by=cast.bruno)

    def test_the_pages_carry_the_whole_path(self, cast, version, signed_in):
        client = signed_in(cast.elise)

        def at(name, row):
            return reverse(f"programmes:{name}", args=[row.uuid])

        client.get(at("referentiel_copy", version))
        answer = client.post(at("referentiel_copy", version), {"session_from": 2026})
        copy = Referentiel.objects.get(state="draft")
        assert answer.url == at("referentiel_detail", copy)
        text = client.get(at("referentiel_file", copy)).content.decode()
        bad = SimpleUploadedFile("v.toml", text.replace("ects = 120", "ects = -1").encode())
        answer = client.post(at("referentiel_upload", copy), {"file": bad})
        assert answer.status_code == 422
        assert "v.toml:" in answer.content.decode()
        good = SimpleUploadedFile("v.toml", text.replace("ects = 120", "ects = 121").encode())
        assert client.post(at("referentiel_upload", copy), {"file": good}).status_code == 302
        page = client.get(at("referentiel_publish", copy)).content.decode()
        assert "121" in page
        answer = client.post(at("referentiel_publish", copy), {"reason": REASON})
        assert answer.status_code == 302
        assert "Publiée" in client.get(at("referentiel_detail", copy)).content.decode()
        assert signed_in(cast.bruno).get(at("referentiel_copy", version)).status_code == 403

    def test_a_draft_is_not_shown_to_the_others(self, cast, version, signed_in):
        copy = actions.copy_referentiel(referentiel=version, session_from=2027, by=cast.elise)
        url = reverse("programmes:referentiel_detail", args=[copy.uuid])
        assert signed_in(cast.bruno).get(url).status_code == 404
        assert signed_in(cast.farid).get(url).status_code == 200
