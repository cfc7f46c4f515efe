"""Compare what a registration was asked to declare with what stands registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.vocabulary import Right
from registry.domain.words import names
from registry.errors import RegisteredOtherwise
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.events import ProductListed
    from registry.domain.ids import ProductId
    from registry.domain.product import Product
    from registry.domain.vocabulary import SecurityClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Hold what a registration was asked to declare; None or nothing is whatever is there."""

    rights: Right | None
    security_class: SecurityClass | None
    series: ProductId | None = None
    locator: str = ""

    @property
    def listed(self) -> bool:
        """Tell whether a series or a locator was asked for."""
        return self.series is not None or bool(self.locator)

    def fits(self, product: Product) -> bool:
        """Tell whether a product declares all that was asked for."""
        same_class = self.security_class in (None, product.security_class)
        return same_class and self.rights in (None, product.rights)

    def refusal(self, product: Product) -> RegisteredOtherwise:
        """Return the error that a product, which does not fit, is what is registered."""
        what, registered, asked = "rights", names(product.rights), names(self.rights or Right(0))
        if self.rights in (None, product.rights):
            what = "security-class"
            registered = [product.security_class.name]
            asked = [] if self.security_class is None else [self.security_class.name]
        return RegisteredOtherwise(
            product=str(product.id), what=what, registered=registered, asked=asked
        )

    def require_listing(self, product: ProductId, told: ProductListed | None) -> None:
        """Refuse what was told of a product with its registration, unless it was asked for so.

        Raises `RegisteredOtherwise`.
        """
        series, locator = (None, "") if told is None else (told.series, told.locator)
        what, registered, asked = "locator", locator, self.locator
        if locator == self.locator:
            if series == self.series:
                return
            what, registered, asked = "series", str(series or ""), str(self.series or "")
        raise RegisteredOtherwise(
            product=str(product),
            what=what,
            registered=[registered or "-"],
            asked=[asked or "-"],
        )
