"""Read cases, objections and codes from the registration desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.chain.bindings import CertificateRegistry, PartyRegistry, ProductRegistry
from registry.chain.bindings import RegistrationDesk as Desk
from registry.chain.questions import Question
from registry.chain.states import holding_of
from registry.domain.case import Case, Docket, Objection, Outcome, Record, case_of, transfer_of
from registry.domain.flow_table import CaseKind, Stage
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile
from registry.errors import ContractMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.chain.abi import AbiValue
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment

    Ask = Callable[[Sequence[Question]], list[tuple[AbiValue, ...]]]
    Look = Callable[[Sequence[Question]], list[tuple[AbiValue, ...] | None]]

_PAGE: Final = 100
_HOLDERS: Final = 16
_AFTER_REGISTRATION: Final = 1


class CaseReader:
    """Read the cases of one deployment at one moment.

    :param ask: asks questions of the state of that moment, each of which must be answered.
    :param look: asks likewise, and has None for what is unknown.
    :raises ContractMissing: where the deployment was made before there was a desk.
    """

    def __init__(self, deployment: Deployment, ask: Ask, look: Look) -> None:
        if deployment.desk is None or deployment.certificates is None:
            raise ContractMissing(
                name="RegistrationDesk", address=str(deployment.directory), url=""
            )
        self._desk: Address = deployment.desk
        self._certificates: Address = deployment.certificates
        self._deployment = deployment
        self._ask = ask
        self._look = look

    def docket(self, product: ProductId) -> Docket:
        """Return what the desk keeps of a product, all zero for one that it never had."""
        first, found, code, kept = self._look(
            [
                Question(self._desk, Desk.case_record, (product.raw, 0)),
                Question(self._desk, Desk.docket_of, (product.raw,)),
                Question(self._certificates, CertificateRegistry.code_of, (product.raw,)),
                Question(self._certificates, CertificateRegistry.code_record, (product.raw,)),
            ]
        )
        if first is None or found is None or code is None or kept is None:
            return Docket(product=product, profile=Profile.NONE, cases=0)
        later, end = found[0]
        _, _, _, _, certificates, amended = kept[0]
        return Docket(
            product=product,
            profile=_record(first[0]).profile,
            cases=later + 1,
            certificates=certificates,
            code=code[0].rstrip(b"\0").decode("ascii", "replace") or None,
            amended=amended or None,
            operation_end=end or None,
        )

    def product_of(self, code: str) -> ProductId | None:
        """Return the product with a code, None for none."""
        raw = code.encode("ascii", "replace").ljust(15, b"\0")[:15]
        question = Question(self._certificates, CertificateRegistry.product_of, (raw,))
        ((found,),) = self._ask([question])
        return ProductId.of(found) if any(found) else None

    def cases(self, product: ProductId) -> tuple[Case, ...]:
        """Return all cases of a product, the first one first."""
        count = self.docket(product).cases
        records = [
            _record(found)
            for (found,) in self._asked(
                *((Desk.case_record, (product.raw, index)) for index in range(count))
            )
        ]
        registrars = self._registrars({record.registrar for record in records})
        return tuple(
            case_of(
                product,
                index,
                record,
                registrar=registrars[record.registrar],
                missing=self._missing(product, index, record),
            )
            for index, record in enumerate(records)
        )

    def pending(self, product: ProductId, index: int) -> bytes:
        """Return what a case would change, 32 bytes."""
        ((found,),) = self._asked((Desk.pending_of, (product.raw, index)))
        return bytes(found)

    def stage(self, product: ProductId, index: int) -> tuple[Stage, int]:
        """Return where the contract says that a case stands, and since when."""
        ((stage, since),) = self._asked((Desk.stage_of, (product.raw, index)))
        return Stage(stage), since

    def objections(self, product: ProductId) -> tuple[Objection, ...]:
        """Return all objections to a product, in the order of their index."""
        ((total, _),) = self._asked((Desk.objection_count, (product.raw,)))
        pages = self._asked(
            *((Desk.objections, (product.raw, first, _PAGE)) for first in range(0, total, _PAGE))
        )
        found = [interval for (page,) in pages for interval in page]
        return tuple(_objection(product, index, one) for index, one in enumerate(found))

    def _registrars(self, numbers: set[int]) -> dict[int, PartyId]:
        ordered = sorted(numbers)
        answers = self._ask(
            [
                Question(self._deployment.parties, PartyRegistry.registrar, (number,))
                for number in ordered
            ]
        )
        return {
            number: PartyId.of(party) for number, (party, _) in zip(ordered, answers, strict=True)
        }

    def _missing(self, product: ProductId, index: int, record: Record) -> tuple[PartyId, ...]:
        """Return the parties whose places are awaited."""
        if not record.awaited:
            return ()
        if record.kind is CaseKind.TRANSFER:
            return (transfer_of(self.pending(product, index))[0],)
        ((page,),) = self._ask(
            [
                Question(
                    self._deployment.products,
                    ProductRegistry.holdings,
                    (product.raw, 0, _HOLDERS),
                )
            ]
        )
        held = [holding_of(one).party for one in page]
        return tuple(party for place, party in enumerate(held) if record.awaited >> place & 1)

    def _asked(self, *asked: tuple[Any, tuple[AbiValue, ...]]) -> list[tuple[AbiValue, ...]]:
        questions = [Question(self._desk, function, given) for function, given in asked]
        return self._ask(questions) if questions else []


def _record(found: tuple[Any, ...]) -> Record:
    """Return the record that a ``Case`` struct is."""
    (
        filer,
        registrar,
        submitted_at,
        since,
        publicised_at,
        kind,
        stage,
        profile,
        returned,
        waived,
        due_days,
        extension,
        spent_days,
        objections,
        awaited,
        joint,
    ) = found
    return Record(
        filer=PartyId.of(filer),
        registrar=registrar,
        submitted_at=submitted_at,
        since=since,
        publicised_at=publicised_at,
        kind=CaseKind(kind),
        stage=Stage(stage),
        profile=Profile(profile),
        returned=returned,
        waived=waived,
        due_days=due_days,
        extension=extension,
        spent_days=spent_days,
        objections=objections,
        awaited=awaited,
        joint=joint,
    )


def _objection(product: ProductId, index: int, interval: tuple[Any, ...]) -> Objection:
    since, until, by, kind, outcome, evidence = interval
    return Objection(
        product=product,
        index=index,
        by=PartyId.of(by),
        since=since,
        until=until or None,
        evidence=evidence,
        outcome=Outcome(outcome),
        after_registration=kind == _AFTER_REGISTRATION,
    )
