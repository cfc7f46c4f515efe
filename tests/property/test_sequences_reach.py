"""The random sequences are worth something only if they reach what can happen."""

from __future__ import annotations

from random import Random

from registry import reverts
from registry.domain.operations import (
    AdmitKey,
    Annotate,
    Enrol,
    Issue,
    IssueBatch,
    Register,
    RegisterBatch,
    Release,
    Resume,
    Retire,
    Revoke,
    RevokeBatch,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.party import Enrolment
from registry.domain.verdict import Verdict
from registry.errors import ContractRevert
from registry.testing import MemoryLedger, account
from tests.sequences import Author

SEQUENCES = 120
STEPS = 60
ACCOUNTS = [account(number) for number in range(7)]

OPERATIONS = {
    *(
        AdmitKey,
        Annotate,
        Enrol,
        Issue,
        IssueBatch,
        Register,
        RegisterBatch,
        Resume,
        Retire,
        Revoke,
    ),
    *(Release, Revoke, RevokeBatch, Suspend, Transfer, Update),
}
REFUSALS = {
    *(reverts.KeyNotAdmitted, reverts.KeyTaken, reverts.KeyUnknown, reverts.RoleMissing),
    *(reverts.PartyInactive, reverts.PartyUnknown),
    *(reverts.SuspensionNotYours, reverts.SuspensionUnknown),
    *(reverts.ContentRootMissing, reverts.ParticularsInvalid, reverts.ProductNotInForce),
    *(reverts.ProductTaken, reverts.ProductUnknown, reverts.RightsInvalid),
    *(reverts.RightsMissing, reverts.TransferToSelf, reverts.VersionStale),
    *(reverts.ClauseInvalid, reverts.EnvironmentTooOpen, reverts.FormNeedsSignatures),
    *(reverts.GrantEndsAlready, reverts.GrantNotYours, reverts.GrantTaken, reverts.GrantUnknown),
    *(reverts.GranteeIsGrantor, reverts.GrantorMismatch, reverts.VersionUnknown),
    *(reverts.WindowEnded, reverts.ProfileUnfit, reverts.RightsBeyondSource),
    reverts.DerivationMissing,
    *(reverts.AnnotationNotYours, reverts.AnnotationUnknown, reverts.ProductEncumbered),
}
# Granted clauses are never unknown; nobody here is a court, and what is OPEN never expires. What is
# signed, rests on another grant or is suspended is not written here.
VERDICTS = set(Verdict) - {
    *(Verdict.GRANT_UNKNOWN, Verdict.PRODUCT_SEIZED, Verdict.PRODUCT_EXPIRED),
    *(Verdict.GRANT_SUSPENDED, Verdict.GRANT_VOIDED, Verdict.ANCESTOR_REVOKED),
    *(Verdict.ANCESTOR_ENDED, Verdict.ANCESTOR_SUSPENDED, Verdict.ANCESTOR_PARTY_SUSPENDED),
    Verdict.ANCESTOR_EXHAUSTED,
}


def test_the_sequences_reach_every_outcome() -> None:
    """Some sequence carries out each operation, meets each refusal, and is given each verdict."""
    done: set[type] = set()
    refused: set[type] = set()
    verdicts: set[Verdict] = set()
    for seed in range(SEQUENCES):
        rng = Random(seed)
        ledger = MemoryLedger(founder=ACCOUNTS[0], enrolment=rng.choice(list(Enrolment)))
        author = Author(rng, ACCOUNTS, ledger)
        author.note(ledger.events())
        for _ in range(STEPS):
            step = author.step()
            ledger.advance(step.jump)
            try:
                author.learn(ledger.submit(step.operation, account=step.account))
                done.add(type(step.operation))
            except ContractRevert as error:
                refused.add(type(error))
            verdicts.update(ledger.check(one, author.use(one)) for one in author.granted[-3:])
    assert done == OPERATIONS
    assert refused == REFUSALS
    assert verdicts == VERDICTS
