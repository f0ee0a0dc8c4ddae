"""What changes have in common: the store that they lock first; of small ones, that nothing is worth doing ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.catalog import stores

if TYPE_CHECKING:
    from dstore.catalog.stores import StoreKey
    from dstore.work import Work


class AtHome:
    """A change that may be about one store, which is locked first of all then."""

    __slots__ = ()

    @property
    def home(self) -> StoreKey | None:
        """It is about no one store, unless a change says otherwise."""
        return None

    def foresee(self, work: Work) -> None:
        """The store that it is about is locked first."""
        if self.home is not None:
            stores.foresee(work, self.home)


class AtOnce(AtHome):
    """A change whose work is all in its transaction."""

    __slots__ = ()

    @property
    def is_short(self) -> bool:
        """It is a few statements, unless a change says otherwise."""
        return True

    def prepare(self, database: Any, caller: Any) -> None:
        """Nothing is worth doing ahead."""
