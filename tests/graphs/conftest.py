"""A desk over our own langgraph.json."""

from __future__ import annotations

import pytest

from review.desk import Desk
from tests.conftest import MakeDesk
from tests.support import ROOT


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(ROOT / "langgraph.json")
