"""What people get wrong, by the command line on a real node: the message and the exit code."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from registry.chain import sender
from registry.chain.sender import Patience
from tests.integration.cli_world import Run, World, make, run
from tests.integration.sending import stilled

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world, which bad input does not change."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def timeless(said: str) -> str:
    """Return what was said without the moments in it."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "MOMENT", said)


def refused(world: World, code: str, exit_code: int, *arguments: str, **variables: str) -> Run:
    """Assert that a command is refused in both forms, and return the one in prose."""
    in_json = world.dengji(*arguments, "--json", **variables)
    assert (in_json.code, in_json.error["code"]) == (exit_code, code)
    in_prose = world.dengji(*arguments, **variables)
    assert (in_prose.code, in_prose.out) == (exit_code, "")
    assert "Traceback" not in in_prose.err
    # The two runs may fall into different seconds.
    assert timeless(in_json.error["message"]) in timeless(in_prose.err)
    assert in_json.error["hint"]
    assert in_json.error["hint"] in in_prose.err
    return in_prose


def new_file(folder: Path, text: str) -> str:
    """Write a file that was not registered before."""
    file = folder / "new.csv"
    file.write_text(text)
    return str(file)


def test_wrong_password(world: World, tmp_path: Path) -> None:
    """A password that does not open the keystore is said to be wrong, of which account."""
    (tmp_path / "password").write_text("wrong\n")
    ran = refused(
        *(world, "password-wrong", 3, "register", new_file(tmp_path, "password")),
        *("--password-file", str(tmp_path / "password")),
    )
    assert world.dengji("account", "list", "--json").result["items"][0]["address"] in ran.err


def test_no_password_at_hand(world: World, tmp_path: Path) -> None:
    """On a network that is not the dev chain nobody is asked without a terminal."""
    ran = refused(
        *(world, "password-needed", 3, "register", new_file(tmp_path, "none")),
        *("--rpc", world.url, "--directory", world.directory),
        *("--account", world.buyer_account),
    )
    assert "DENGJI_PASSWORD_FILE" in ran.err


def test_unknown_network(world: World) -> None:
    """A network that no file describes is named with those that are."""
    ran = refused(world, "network-unknown", 3, "product", "list", "--network", "mars")
    assert "mars" in ran.err


def test_chain_of_another_id(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node whose chain is not the one configured is not asked anything further."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dengji.toml").write_text(
        f'[networks.city]\nrpc = "{world.url}"\nchain_id = 77\ndirectory = "{world.directory}"\n'
    )
    ran = refused(world, "wrong-chain", 4, "product", "list", "--network", "city")
    assert "77" in ran.err
    assert str(world.chain_id) in ran.err


def test_node_that_stands_still(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a network says how old the newest block may be, an older one answers nothing."""
    monkeypatch.chdir(tmp_path)
    begun, limit = int(time.time()) - 90 * 86_400, 300
    with stilled(begun, ()) as rpc:
        (tmp_path / "dengji.toml").write_text(
            f'[networks.city]\nrpc = "{rpc.url}"\ndirectory = "{world.directory}"\n'
            f"max_block_age = {limit}\n"
        )
        for arguments in (("product", "list"), ("register", new_file(tmp_path, "still"))):
            ran = refused(world, "node-behind", 4, *arguments, "--network", "city")
            assert time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(begun)) in ran.err
            assert f"{limit} s" in ran.err
        # Within the limit the next thing that is wrong is told.
        within = ("--network", "city", "--max-block-age", "31536000")
        refused(world, "contract-missing", 3, "product", "list", *within)
        assert rpc.call("eth_blockNumber") == "0x0"


def test_chain_id_that_is_no_number(world: World) -> None:
    """A chain id that cannot be one is refused with the place it was given."""
    ran = refused(world, "setting-invalid", 3, "product", "list", DENGJI_CHAIN_ID="dev")
    assert "DENGJI_CHAIN_ID" in ran.err


def test_nothing_deployed(world: World) -> None:
    """An address without the directory's code is said to have none."""
    arguments = ("product", "list", "--rpc", world.url, "--directory", "0x" + "12" * 20)
    refused(world, "contract-missing", 3, *arguments)


def test_node_that_is_not_there(world: World) -> None:
    """A node that cannot be reached is trouble with the node."""
    arguments = ("product", "list", "--rpc", "http://127.0.0.1:9", "--directory", world.directory)
    refused(world, "node-unreachable", 4, *arguments)


@contextmanager
def dying_node(world: World, requests: int) -> Iterator[str]:
    """Pass on so many requests to the node, then go away; yield where it is."""
    left = [requests]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {"Content-Type": "application/json"}
            with urlopen(Request(world.url, asked, headers)) as reply:  # noqa: S310 (our own node)
                answer = reply.read()
            left[0] -= 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            if left[0] == 0:
                self.close_connection = True
                server.socket.close()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=_serve, args=(server, left), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.socket.close()
        thread.join(timeout=60)


def _serve(server: HTTPServer, left: list[int]) -> None:
    with suppress(OSError, ValueError):
        while left[0] > 0:
            server.handle_request()


@pytest.mark.parametrize("requests", [1, 2, 3])
def test_node_that_goes_down_in_the_middle(world: World, requests: int) -> None:
    """A node that dies between two questions is trouble with the node, not a wrong answer."""
    with dying_node(world, requests) as url:
        ran = world.dengji(
            "product", "list", "--json", "--rpc", url, "--directory", world.directory
        )
    assert ran.code == 4
    assert ran.error["code"] in ("node-unreachable", "connection-lost")
    assert url.rpartition(":")[2] in ran.error["message"]


@pytest.mark.parametrize("requests", [5, 7, 9, 11])
def test_node_that_goes_down_in_a_write(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requests: int
) -> None:
    """A write whose node dies is trouble with the node; run again, it is done exactly once."""
    # How long it waits for the node to come back is the sender's affair, and tested there.
    monkeypatch.setattr(sender, "Patience", partial(Patience, outage=1.0))
    file = new_file(tmp_path, f"down after {requests}")
    account = world.dengji("account", "list", "--json").result["items"][0]
    signing = ("--account", account["address"], "--password-file", account["password_file"])
    where = ("--directory", world.directory, "--json")
    with dying_node(world, requests) as url:
        ran = world.dengji("register", file, *signing, "--rpc", url, *where)
    assert ran.code == 4
    again = world.dengji("register", file, *signing, "--rpc", world.url, *where)
    assert again.code == 0
    root = again.result["content_root"]
    listed = world.dengji("product", "list", "--content", root, "--json").result["items"]
    assert [item["id"] for item in listed] == [again.result["product"]]


def test_account_without_funds(world: World) -> None:
    """On a network without a faucet an account that cannot pay is told so before signing."""
    kept = world.home / "dev-passwords" / world.stranger_account[2:].lower()
    node = ("--rpc", world.url, "--directory", world.directory)
    signing = ("--account", world.stranger_account, "--password-file", str(kept))
    ran = refused(world, "insufficient-funds", 4, "party", "enrol", *node, *signing)
    assert world.stranger_account in ran.err


def test_party_that_is_not_enrolled(world: World, tmp_path: Path) -> None:
    """An account that belongs to no party is told how to enrol."""
    file = new_file(tmp_path, "stranger")
    ran = refused(world, "party-needed", 3, "register", file, "--account", world.stranger_account)
    assert "dengji party enrol" in ran.err


def test_party_that_is_suspended(world: World, tmp_path: Path) -> None:
    """A suspended party cannot register until it is resumed."""
    file = new_file(tmp_path, "suspended")
    suspended = world.dengji("party", "suspend", world.buyer, "--reason", "BREACH", "--json")
    assert suspended.code == 0
    try:
        ran = refused(
            world, "party-inactive", 1, "register", file, "--account", world.buyer_account
        )
        assert world.buyer in ran.err
    finally:
        assert world.dengji("party", "resume", world.buyer, "--json").code == 0
    assert world.as_buyer("register", file, "--json").code == 0


def test_account_of_another_party(world: World, tmp_path: Path) -> None:
    """Acting as a party that the account does not speak for is refused."""
    file = new_file(tmp_path, "as another")
    ran = refused(world, "party-mismatch", 3, "register", file, "--as", world.buyer)
    assert world.holder in ran.err


@pytest.mark.parametrize("place", [9, 20, -1])
def test_id_with_one_character_wrong(world: World, place: int) -> None:
    """One wrong character in an id is noticed, wherever it stands."""
    letters = list(world.product)
    letters[place] = "q" if letters[place] != "q" else "p"
    ran = refused(world, "id-mistyped", 3, "product", "show", "".join(letters))
    assert "".join(letters) in ran.err


def test_id_of_another_kind(world: World) -> None:
    """A party's id is no product's."""
    refused(world, "id-mistyped", 3, "product", "show", world.holder)


def test_file_that_cannot_be_read(world: World) -> None:
    """A file that the system does not let be read is named with the system's reason."""
    ran = refused(world, "file-unreadable", 3, "register", "/proc/self/mem")
    assert "/proc/self/mem" in ran.err


def test_folder_without_files(world: World, tmp_path: Path) -> None:
    """A folder that holds no file is refused, and on an empty home no chain is started for it."""
    (tmp_path / "empty" / "sub").mkdir(parents=True)
    refused(world, "folder-empty", 3, "register", str(tmp_path / "empty"))
    newcomer = run(tmp_path / "home", "register", str(tmp_path / "empty"))
    assert newcomer.code == 3
    assert not (tmp_path / "home").exists()


def test_window_that_ends_before_it_starts(world: World) -> None:
    """A window the wrong way round is refused before anything is sent."""
    ran = refused(
        *(world, "clause-refused", 3, "grant", "issue", world.product, "--to", world.buyer),
        *("--action", "READ", "--purpose", "RESEARCH"),
        *("--from", "2031-01-01", "--until", "2030-01-01"),
    )
    assert "valid-until" in ran.err


def test_window_that_has_ended(world: World) -> None:
    """A window that is over is refused by the chain, which says when it ended."""
    ran = refused(
        *(world, "window-ended", 1, "grant", "issue", world.product, "--to", world.buyer),
        *("--action", "READ", "--purpose", "RESEARCH", "--until", "2020-01-01"),
    )
    assert "2020-01-01 00:00:00 UTC" in ran.err


def test_time_that_is_none(world: World) -> None:
    """What is no time is refused with how to write one."""
    refused(
        *(world, "time-malformed", 3, "grant", "issue", world.product, "--to", world.buyer),
        *("--action", "READ", "--purpose", "RESEARCH", "--until", "soon"),
    )


def test_grant_on_someone_elses_product(world: World) -> None:
    """Nobody grants what they do not hold."""
    ran = refused(
        *(world, "rights-missing", 1, "--account", world.buyer_account, "grant", "issue"),
        *(world.product, "--to", world.holder, "--action", "READ", "--purpose", "RESEARCH"),
    )
    assert world.product in ran.err


def test_second_registration_by_the_same_party(world: World, tmp_path: Path) -> None:
    """The same content again is recognised, under any name: the product is said, exit code 0."""
    copy = tmp_path / "another-name"
    shutil.copytree(world.data, copy)
    ran = world.dengji("register", str(copy), "--json")
    assert (ran.code, ran.result["already"]) == (0, True)
    assert ran.result["product"] == world.product
    assert ran.result["receipt"] is None
    prose = world.dengji("register", str(copy))
    assert prose.code == 0
    assert f"registered before as {world.product}" in prose.out


def test_second_registration_by_another_party(world: World, tmp_path: Path) -> None:
    """Content that another party registered is a second claim, and both are shown."""
    file = new_file(tmp_path, "claimed twice")
    first = world.dengji("register", file, "--json").result
    second = world.as_buyer("register", file, "--json")
    assert second.code == 0
    assert [claim["product"] for claim in second.result["others"]] == [first["product"]]
    assert "other parties claim the same content: 1 registration" in second.err
    shown = world.dengji("verify", file, "--json").result["products"]
    assert [one["product"] for one in shown] == [first["product"], second.result["product"]]


def test_unknown_block_and_state(world: World) -> None:
    """A block that is not there yet is undecidable."""
    refused(world, "block-unknown", 4, "product", "show", world.product, "--at", "99999999")


def test_times_that_the_chain_cannot_answer_for(world: World) -> None:
    """A time to come, one before the chain and a number that no block has are bad input."""
    asked = ("product", "show", world.product, "--at")
    late = refused(world, "time-in-future", 3, *asked, "2100-01-01")
    assert "2100-01-01 00:00:00 UTC has not come yet" in late.err
    refused(world, "time-in-future", 3, "verify", str(world.data), "--at", "2100-01-01")
    early = refused(world, "time-before-chain", 3, *asked, "2020-01-01")
    assert "2020-01-01 00:00:00 UTC lies before the chain began" in early.err
    refused(world, "block-out-of-range", 3, *asked, "9" * 25)
    refused(world, "block-out-of-range", 3, *asked, "9" * 5_000)


def test_registering_with_other_declarations(world: World) -> None:
    """Who asks for another class or other rights than stand registered is told so."""
    ran = refused(
        *(world, "registered-otherwise", 3, "register", str(world.data)),
        *("--security-class", "CORE"),
    )
    assert "with security class GENERAL, not CORE" in ran.err
    refused(world, "registered-otherwise", 3, "register", str(world.data), "--rights", "HOLD")


def test_a_folder_that_brings_its_own_network(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer names its ledger, and what the folder's file decides is said in one line."""
    plain = world.dengji("verify", str(world.data), "--json")
    at_home = {"network": "dev", "chain_id": world.chain_id, "directory": world.directory}
    assert (plain.result["ledger"], plain.err) == (at_home, "")
    file = tmp_path / "dengji.toml"
    file.write_text(
        f'network = "national"\n[networks.national]\nrpc = "{world.url}"\n'
        f'chain_id = {world.chain_id}\ndirectory = "{world.directory}"\n'
    )
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ("verify", str(world.data)),
        ("product", "show", world.product),
        ("product", "list"),
        ("grant", "list"),
    ):
        ran = world.dengji(*arguments, "--json")
        assert ran.result["ledger"] == {**at_home, "network": "national"}
        assert ran.err == f"using {file}: network national\n"
    assert world.check().result["ledger"]["network"] == "national"
    prose = world.dengji("verify", str(world.data))
    assert "national" in prose.out
    assert world.directory in prose.out
    there = world.dengji("verify", str(world.data), "--network", "dev", "--json")
    assert (there.result["ledger"], there.err) == (at_home, "")
    file.write_text('account = "0x00"\n')
    refused(world, "setting-personal", 3, "verify", str(world.data))
    file.write_text('[networks.dev]\nrpc = "http://127.0.0.1:1"\n')
    refused(world, "network-redefined", 3, "verify", str(world.data))


def test_a_check_says_what_it_answers(world: World) -> None:
    """The sides of a use that were asked about stand in the answer."""
    asked = ("--version", "1", "--environment", "TEE", "--territory", "156410000")
    found = world.check(*asked).result
    assert (found["version"], found["environment"]) == (1, "TEE")
    assert found["territory"] == 156_410_000
    bare = world.check().result
    assert (bare["version"], bare["environment"], bare["territory"]) == (None, None, None)
