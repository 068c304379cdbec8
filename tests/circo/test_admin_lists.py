"""What the lists of the admin offer beside their rows."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("model", "slug", "who", "offered"),
    [
        ("person", "personnes", "secretary", True),
        ("school", "ecoles", "inspector", True),
        ("person", "personnes", "adviser", False),
        ("derogation", "ecoles", "inspector", False),
    ],
)
def test_lists_lead_to_the_import_of_their_rows(world, sign_in, model, slug, who, offered):
    page = sign_in(getattr(world, who)).get(reverse(f"admin:circo_{model}_changelist")).content.decode()
    assert (reverse("imports:run_new", args=[slug]) in page) is offered
