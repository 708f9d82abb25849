def test_it_shows_every_component_in_development(client, settings):
    settings.DEBUG_PAGES = True
    response = client.get("/__debug__/components/")
    assert response.status_code == 200
    for name in ("status", "empty", "gauge", "signature_pad", "pagination", "form_errors"):
        assert f"components/_{name}.html" in response.content.decode()
    assert "img/icons.svg#status-stop" in response.content.decode()


def test_it_hides_the_components_in_production(client):
    assert client.get("/__debug__/components/").status_code == 404


def test_it_links_no_missing_icon(client, settings):
    settings.DEBUG_PAGES = True
    names = client.get("/__debug__/components/").context["icons"]
    assert len(names) == len(set(names)) > 40
