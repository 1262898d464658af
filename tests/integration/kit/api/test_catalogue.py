import pytest
from django.test import Client

from kit import errors


@pytest.mark.parametrize("refusal", errors.catalogue(), ids=lambda refusal: refusal.code)
def test_the_type_of_every_problem_leads_to_its_place_on_the_page(refusal: type[errors.Refusal]) -> None:
    page = Client().get("/api/errors").content.decode()
    assert f'<h2 id="{refusal.code}"><span>{refusal.status}</span>' in page
