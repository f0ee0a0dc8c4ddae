"""A diner on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storefront_pages.diner import Diner

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def diner(platform: Platform) -> Diner:
    """A diner in front of the demo's shops and a bistro."""
    return Diner(platform)
