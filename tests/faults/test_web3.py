"""web3.py's own ways under faults: what it repeats, what it takes, and that the client bears it.

It asks again, transactions too, after a time-out and after any status that is an error; not after a
connection that broke. It checks no ids, follows redirects, unpacks what is packed, and its parser
would end the process over brackets without end. What is pinned here is of the version that is
locked; another version that does otherwise shows.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from web3 import HTTPProvider
from web3.types import RPCEndpoint

from registry.chain.rpc import Rpc
from registry.chain.web3_transport import Web3Transport
from registry.domain.operations import Register
from registry.errors import ConnectionLost, NodeAnswerMalformed
from tests.faults.cases import CHAIN, ESTIMATE, RECEIPT, STANDING
from tests.faults.control import Proxy
from tests.faults.kinds import SEND
from tests.faults.sites import lone_site
from tests.faults.trial import DONE, Fault, Site, Trial
from tests.parity.test_memory_ledger import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil
READ = "eth_blockNumber"
AGAIN, ONCE = 2, 1
DROPPED = ("drop-request", "drop-answer", "reset-answer", "cut-body", "cut-headers")
ERRORS = ("429", "503-html", "500-html", "502-html", "403-html", "404-html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a chain with contracts, whose proxy is reached through a provider of web3.py."""
    with lone_site(tmp_path_factory.mktemp("web3")) as made:
        made.way = lambda url, seconds: Web3Transport(provider(url, seconds))
        yield made


@pytest.fixture(scope="module")
def trial(site: Site) -> Trial:
    """Return a registration that is tried each time from the same state."""
    operation = Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32)
    return Trial(site, operation, SIGNERS[0].address)


@pytest.fixture
def between(site: Site) -> Iterator[Proxy]:
    """Return the proxy without faults."""
    site.between.calm()
    yield site.between
    site.between.calm()


def provider(url: str, seconds: float = 60) -> HTTPProvider:
    """Return a provider as its maker has it by default."""
    return HTTPProvider(url, request_kwargs={"timeout": seconds})


def asked(between: Proxy, kind: str, method: str, seconds: float = 60) -> int:
    """Return how often web3.py asks where a fault befalls the first asking."""
    between.arm(kind, method)
    params = ["0x02"] if method == SEND else []
    # Whatever it raises: how often it was asked is what counts.
    with contextlib.suppress(OSError, ValueError):
        provider(between.url, seconds).make_request(RPCEndpoint(method), params)
    return between.calm().asked[method]


@pytest.mark.parametrize("method", [READ, SEND])
@pytest.mark.parametrize("kind", [*DROPPED, *ERRORS, "cut-json", "301", "wrong-id"])
def test_what_web3_asks_again(between: Proxy, kind: str, method: str) -> None:
    """Any error of HTTP is asked again, a transaction too; what broke or makes no sense is not."""
    assert asked(between, kind, method) == (AGAIN if kind in ERRORS else ONCE)


@pytest.mark.parametrize("method", [READ, SEND])
def test_web3_asks_again_after_a_time_out(between: Proxy, method: str) -> None:
    """Though the node has heard it the first time, and may have acted."""
    assert asked(between, "silence", method, seconds=2) == AGAIN


@pytest.mark.parametrize(
    ("kind", "taken"),
    [("wrong-id", "0x"), ("no-id", "0x"), ("gzip", "0x"), ("null-result", "None")],
)
def test_what_web3_takes_for_an_answer(between: Proxy, kind: str, taken: str) -> None:
    """Ids are not compared, and what was not asked for packed is unpacked."""
    between.arm(kind, READ)
    answer = provider(between.url).make_request(RPCEndpoint(READ), [])
    assert str(answer["result"]).startswith(taken)


@pytest.mark.parametrize("kind", ["deep-list", "deep-object", "deep-result"])
def test_brackets_without_end_are_an_error(between: Proxy, kind: str) -> None:
    """web3.py would end the process; through the transport the connection counts as lost."""
    between.arm(kind, READ, times=9)
    with Rpc(Web3Transport(provider(between.url))) as rpc, pytest.raises(ConnectionLost) as caught:
        rpc.call(READ)
    assert caught.value.reason == "RecursionError"


@pytest.mark.parametrize("kind", ["null", "list-for-one", "no-result"])
def test_what_is_no_answer_is_malformed(between: Proxy, kind: str) -> None:
    """What web3.py hands on without a look is looked at."""
    between.arm(kind, READ, times=9)
    with Rpc(Web3Transport(provider(between.url))) as rpc, pytest.raises(NodeAnswerMalformed):
        rpc.call(READ)


FAULTS = [
    *(Fault(kind, SEND) for kind in (*DROPPED, *ERRORS)),
    *(Fault(kind, SEND) for kind in ("429-acted", "503-acted", "504-acted", "asked-twice")),
    *(Fault(kind, SEND) for kind in ("cut-json", "body-twice", "wrong-id", "no-id", "null")),
    *(Fault(kind, SEND) for kind in ("swallow", "nonce-too-low", "already-known", "policy-untrue")),
    *(Fault(kind, SEND) for kind in ("deep-list", "gzip", "301", "answered-twice")),
    *(Fault(kind, RECEIPT) for kind in ("garbage", "no-receipt", "403-html", "reset-answer")),
    *(Fault(kind, STANDING) for kind in ("cut-json", "drop-answer", "503-html")),
    *(Fault(kind, ESTIMATE) for kind in ("garbage", "drop-request", "404-html")),
    Fault("stale", STANDING, nth=2),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_write_through_web3_is_done_once(trial: Trial, fault: Fault) -> None:
    """Whatever web3.py repeats or lets pass, the write is done, once, as journalled."""
    assert trial.under(fault).code == DONE


def test_what_web3_repeats_and_the_node_never_takes(trial: Trial) -> None:
    """A refusal is a refusal, and a chain that is another one is no place to write to."""
    assert trial.under(Fault("policy", SEND)).code == "node-refused"
    assert trial.under(Fault("wrong-chain", CHAIN, nth=2)).code == "wrong-chain"


def test_a_transaction_that_is_heard_twice_after_a_time_out_lands_once(trial: Trial) -> None:
    """web3.py gives it to the node again, which says that it has its nonce already."""
    assert trial.under(Fault("silence", SEND)).code == DONE
