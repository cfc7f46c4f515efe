"""Five stories of data in the field: who may use it, who may not, and how a stranger can tell.

Each goes on from where its data is registered; the way there is told in `test_registration`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.stories.scene import scene
from tests.integration.stories.steps import (
    a_folder,
    agreed,
    applied,
    flagged,
    made_of,
    proposed,
    proved,
    refusals,
    registered,
)

if TYPE_CHECKING:
    from tests.integration.stories.scene import Person, Scene

pytestmark = pytest.mark.slow

TWO_YEARS = "2028-03-18T00:00:00+08:00"


def the_plots(city: Scene, department: Person) -> str:
    """Register crop plots under PUBLIC, final on 17 March 2026, and return their code."""
    data = a_folder(department, plots_gpkg=b"plots" * 1000)
    product = applied(department, data, department.form("crop_plots"), "PUBLIC")
    return registered(city, product, publicised="2026-03-02 10:00", final="2026-03-17 00:00")


def the_operation(department: Person, operator: Person, plots: str) -> str:
    """Agree on the operation of the plots for one scenario and two years."""
    scenario = department.file("scenario.txt", "pricing of crop insurance in Henan")
    text = department.file("operation.txt", "the whole agreement")
    terms = (
        *(plots, "--to", operator.party, "--template", "PUBLIC_OPERATION"),
        *("--mode", "SCENARIO", "--scope", scenario, "--text", text, "--offer-until", "14d"),
        # What is made of the plots may be granted for no other purposes.
        *("--purpose", "PRODUCT_DEVELOPMENT,INSURANCE"),
    )
    too_long = ("--until", "2032-03-18T00:00:00+08:00")
    unmet = department.fails(
        *("grant", "propose", *terms, *too_long, "--out", str(department.home / "six.json")),
        code="template-unmet",
        exit_code=3,
    )
    assert unmet["clause"] == "valid-until"
    offer = proposed(department, "operation.json", *terms, "--until", TWO_YEARS)
    # An offer of one side alone is nothing yet.
    department.does("grant", "sign", offer, "--yes")
    department.fails("grant", "submit", offer, code="proposal-unsigned", exit_code=3)
    return agreed(offer, operator)


def test_a_crop_forecast_is_operated_and_sold_by_the_call(tmp_path: Path) -> None:
    """Public data is operated for two years, and its forecast sold by calls that are counted."""
    with scene(tmp_path, "2026-03-02 09:00", seat="411") as city:
        department = city.person("agriculture", "11410000MB0000019W")
        operator = city.person("operator", "91410100MA00000236")
        insurer = city.person("insurer", "91110108MA0000031G")
        plots = the_plots(city, department)
        plots_id = department.does("product", "show", plots)["id"]
        city.go_to("2026-03-18 09:00")
        operation = the_operation(department, operator, plots)

        # The forecast is derived under the grant, and lives no longer than it.
        named = {"basis": f'"{plots_id}"', "sources": f'["{plots_id}"]'}
        form = operator.form("crop_forecast", **named)
        origin = ("--operation", operation, "--from", f"{plots_id}={operation}")
        data = a_folder(operator, forecast_json=b'{"yield": 6.4}')
        forecast = applied(operator, data, form, "PROPERTY", *origin)
        city.registrar.does("case", "accept", forecast)
        city.registrar.does("case", "publicise", forecast)
        city.go_to("2026-03-26 09:00")
        evidence = city.registrar.file("deposit.txt", "evidence")
        finalise = ("case", "finalise", forecast, "--evidence", evidence)
        city.registrar.fails(*finalise, "--until", "2028-03-19", code="validity-out-of-range")
        code = city.registrar.does(*finalise, "--until", "2028-03-18")["code"]
        assert department.does("product", "show", code)["until"] == "2028-03-17T16:00:00Z"

        # What it delivered the operator may not develop again.
        again = operator.home / "again"
        again.mkdir()
        (again / "index.json").write_text('{"index": 1}')
        sources = {"sources": f'["{forecast}"]', "basis": f'"{plots_id}"'}
        refused = operator.fails(
            *("register", str(again), "--profile", "PROPERTY", "--operation", operation),
            *("--metadata", operator.form("crop_forecast", **sources), "--from", forecast),
            code="redevelopment-forbidden",
        )
        assert refused["source"] == forecast

        sale = the_sale(operator, insurer, code)
        use = ("usage", "record", sale, "--action", "QUERY", "--purpose", "INSURANCE")
        assert insurer.does(*use, "--amount", "9999")["remaining"] == "1"
        beyond = insurer.fails(*use, "--amount", "2", code="usage-refused")
        assert beyond["verdict"] == "QUOTA_EXCEEDED"
        (kept,) = refusals(insurer, sale)
        assert (kept["verdict"], kept["amount"]) == ("QUOTA_EXCEEDED", "2")
        assert insurer.does(*use)["remaining"] == "0"

        # Who has the file sees where it comes from, and proves the sale to whom has no node.
        found = insurer.answers("verify", data, "--code", code, exit_code=0)
        assert (found["lineage"]["uses"], found["lineage"]["breaks"]) == (1, [])
        assert made_of(insurer, forecast) == {(plots_id, operation)}
        sold = proved(city, insurer, sale)["grants"][-1]
        assert (sold["id"], sold["remaining"]) == (sale, "0")


def the_sale(operator: Person, insurer: Person, forecast: str) -> str:
    """Agree on 10,000 calls at 0.80 yuan, of which 1.00 is the most that may be asked."""
    text = operator.file("sale.txt", "ten thousand calls")
    terms = (
        *(forecast, "--to", insurer.party, "--template", "PROVISION", "--text", text),
        *("--action", "QUERY", "--purpose", "INSURANCE", "--quota", "10000CALL"),
        *("--price", "METERED", "--cap-price", "100"),
    )
    dear = operator.fails(
        *("grant", "propose", *terms, "--unit-price", "101"),
        *("--out", str(operator.home / "dear.json")),
        code="clause-refused",
        exit_code=3,
    )
    assert dear["clause"] == "price"
    offer = proposed(operator, "sale.json", *terms, "--unit-price", "80")
    sale = agreed(offer, operator, insurer)
    price = insurer.does("grant", "show", sale)["clauses"]["price"]
    assert (price["model"], price["unit_price"], price["cap_price"]) == ("METERED", "80", "100")
    return sale


FUSION = """
template = "FUSION"
[clauses]
valid_until = "365d"
offer_until = "14d"
text = "0x{text}"
"""
DIRECTION = """
[[grants]]
product = "{product}"
grantor = "{grantor}"
grantee = "{grantee}"
"""


def test_three_fuse_their_data_by_one_agreement(tmp_path: Path) -> None:
    """Port, railway and forwarder sign once each; nothing is granted before the last has signed."""
    with scene(tmp_path, "2026-04-01 09:00", seat="331") as city:
        port = city.person("port", "91330200MA000004XF")
        railway = city.person("railway", "91420100MA0000058W")
        forwarder = city.person("forwarder", "91330200MA0000066A")
        partners = (port, railway, forwarder)
        contents = {"calls_csv": b"a,b\n", "bills_parquet": b"PAR1", "orders_json": b"[]"}
        products = {
            one.party: one.does("register", a_folder(one, **{name: content}))["product"]
            for one, (name, content) in zip(partners, contents.items(), strict=True)
        }
        directions = [(by, to) for by in partners for to in partners if by is not to]
        tables = [
            DIRECTION.format(product=products[by.party], grantor=by.party, grantee=to.party)
            for by, to in directions
        ]
        terms = port.file("fusion.toml", FUSION.format(text="ab" * 32) + "".join(tables))
        offer = proposed(port, "fusion.json", "--terms", terms)

        def verdicts() -> set[str]:
            asked = ("--action", "LINK", "--purpose", "PRODUCT_DEVELOPMENT", "--environment", "MPC")
            return {
                to.tries("check", products[by.party], "--grantee", to.party, *asked).result[
                    "verdict"
                ]
                for by, to in directions
            }

        for partner in partners:
            port.fails("grant", "submit", offer, code="proposal-unsigned", exit_code=3)
            assert verdicts() == {"GRANT_UNKNOWN"}
            partner.does("grant", "sign", offer, "--yes")

        # One clause that somebody altered meanwhile is found.
        signed = Path(offer).read_text(encoding="utf-8")
        altered = forwarder.file(
            "altered.json", signed.replace('"notice_days":30', '"notice_days":3')
        )
        forwarder.fails("grant", "submit", altered, code="proposal-tampered", exit_code=5)

        made = forwarder.does("grant", "submit", offer)["grants"]
        assert [one["state"] for one in made] == ["ACTIVE"] * 6
        assert len({one["clauses"]["agreement"] for one in made}) == 1
        assert len({one["block"] for one in made}) == 1
        assert verdicts() == {"OK"}

        # The port fuses what the three brought, and each sees it from its own data.
        fused = port.file("voyages.csv", "train,ship,order\n")
        sources = [word for product in products.values() for word in ("--from", product)]
        voyages = port.does("register", fused, *sources, "--activity", "FUSION")["product"]
        granted = {one["product"]: one["id"] for one in made if one["grantee"] == port.party}
        own = {products[port.party]: None}
        assert made_of(port, voyages) == set({**granted, **own}.items())
        for partner in partners:
            below = partner.does("trace", products[partner.party], "--down")["nodes"]
            assert voyages in {node["product"] for node in below}


def test_a_model_is_trained_three_times_and_no_more(tmp_path: Path) -> None:
    """Three runs in a TEE are granted: no fourth, no resale, no other place and no sub-grant."""
    with scene(tmp_path, "2026-05-06 09:00", seat="371") as city:
        manufacturer = city.person("manufacturer", "91370200MA0000074M")
        trainer = city.person("trainer", "91340100MA0000082Y")
        reseller = city.person("reseller")
        data = a_folder(manufacturer, part_parquet=b"PAR1" * 1024)
        product = applied(manufacturer, data, manufacturer.form("robot_vibration"))
        code = registered(city, product, publicised="2026-05-06 10:00", final="2026-05-14 09:00")
        text = manufacturer.file("training.txt", "three runs")
        offer = proposed(
            manufacturer,
            "training.json",
            *(code, "--to", trainer.party, "--template", "PROVISION", "--text", text),
            *("--action", "TRAIN", "--purpose", "MODEL_TRAINING", "--quota", "3RUN"),
            *("--environment", "TEE", "--until", "365d"),
        )
        grant = agreed(offer, trainer, manufacturer)

        def record(*changed: str) -> tuple[str, ...]:
            use = {"--action": "TRAIN", "--purpose": "MODEL_TRAINING", "--environment": "TEE"}
            use |= dict(zip(changed[::2], changed[1::2], strict=True))
            return ("usage", "record", grant, *(word for pair in use.items() for word in pair))

        def refused(*changed: str) -> str:
            return str(trainer.fails(*record(*changed), code="usage-refused")["verdict"])

        assert refused("--purpose", "RESALE") == "PURPOSE_NOT_GRANTED"
        assert refused("--environment", "SANDBOX") == "ENVIRONMENT_NOT_GRANTED"
        assert [trainer.does(*record())["remaining"] for _ in range(3)] == ["2", "1", "0"]
        assert refused() == "QUOTA_EXCEEDED"
        wider = trainer.fails(
            *("grant", "issue", code, "--to", reseller.party, "--parent", grant),
            *("--action", "TRAIN", "--purpose", "MODEL_TRAINING"),
            code="clause-wider",
        )
        assert wider["clause"] == "SUB_DELEGATION"

        asked = ("--grantee", "me", "--action", "TRAIN", "--purpose", "RESALE")
        why = trainer.answers("explain", code, *asked, "--environment", "TEE", exit_code=1)
        (one,) = why["grants"]
        assert {fails["clause"] for fails in one["fails"]} == {"PURPOSES", "QUOTA_TOTAL"}

        # To train is not to derive: what the model gives away stays with the manufacturer.
        model = trainer.file("model.bin", b"weights")
        trained = ("--from", product, "--activity", "MODEL_TRAINING")
        kept = trainer.fails("register", model, *trained, code="source-not-granted", exit_code=3)
        assert kept["grants"] == [f"{grant}: ACTION_NOT_GRANTED"]
        unknown = trainer.answers("verify", model, exit_code=7)["content_root"]
        absent = proved(city, trainer, unknown, "--subject", "absence")["absent"]
        assert absent["id"] == f"0x{unknown.removeprefix('0x')}"

        # A refusal leaves nothing on the chain: whoever was refused has it in writing.
        assert [one["verdict"] for one in refusals(trainer, grant)] == [
            *("PURPOSE_NOT_GRANTED", "ENVIRONMENT_NOT_GRANTED", "QUOTA_EXCEEDED"),
        ]


def test_contested_data_cannot_be_used_while_it_is_seized(tmp_path: Path) -> None:
    """A seizure stops a grant and what rests on it, release restores both, revocation ends both."""
    with scene(tmp_path, "2026-10-12 09:00", seat="441") as city:
        firm = city.person("battery", "91340100MA0000082Y")
        rival = city.person("rival", "91510100MA0000090T")
        laboratory = city.person("laboratory")
        court = city.person("court")
        city.admit(court, "court")
        city.go_to("2026-11-02 09:00")
        data = a_folder(firm, cycles_csv=b"cycle,capacity\n" * 50)
        product = applied(firm, data, firm.form("battery_cycles"))
        code = registered(city, product, publicised="2026-11-02 10:00", final="2026-11-10 09:00")
        words = ("--action", "READ", "--purpose", "RESEARCH")
        granted = firm.does(
            *("grant", "issue", code, "--to", rival.party, *words, "--action", "DERIVE"),
            *("--quota", "10CALL", "--sub-delegation", "FREE", "--depth", "1"),
        )["id"]
        derived = {
            rival.does("register", rival.file(name, name), "--from", product)["product"]
            for name in ("curves.csv", "ageing.csv")
        }
        below = rival.does(
            *("grant", "issue", code, "--to", laboratory.party, *words, "--quota", "5CALL"),
            *("--parent", granted),
        )["id"]
        unrelated = firm.does("grant", "issue", code, "--to", laboratory.party, *words)["id"]
        users = {granted: rival, below: laboratory, unrelated: laboratory}

        def verdicts(kind: str) -> list[str]:
            asked = (code, "--grantee", rival.party, *words)
            other = (code, "--grantee", laboratory.party, *words)
            return [firm.tries(kind, *one).result["verdict"] for one in (asked, other)]

        assert verdicts("check") == verdicts("explain") == ["OK", "OK"]
        seized = court.does(
            *("product", "annotate", code, "--kind", "SEIZURE", "--reason", "AUTHORITY"),
            *("--evidence", court.file("order.txt", "seize")),
        )
        assert verdicts("check") == verdicts("explain") == ["PRODUCT_SEIZED"] * 2
        assert [flagged(rival, one) for one in derived] == [{"SEIZED"}] * 2
        assert proved(city, court, product)["product"]["seizures"] == 1
        for grant, user in users.items():
            stopped = user.fails("usage", "record", grant, *words, code="usage-refused")
            assert stopped["verdict"] == "PRODUCT_SEIZED"
        court.does("product", "release", code, str(seized["index"]))
        assert verdicts("check") == ["OK", "OK"]
        assert [flagged(rival, one) for one in derived] == [set()] * 2
        for grant, user in users.items():
            user.does("usage", "record", grant, *words)
        # The sub-grant's use counts against the grant above it as well.
        assert firm.does("grant", "show", granted)["remaining"] == "8"

        before = usable(firm, code)
        foreseen = firm.does("grant", "revoke", granted, "--dry-run")
        hits = foreseen["hits"]
        assert [one["grant"] for one in hits] == [granted, below]
        assert {one["product"] for one in foreseen["derived"]} == derived
        standing = proved(city, rival, granted)
        block = str(int(city.rpc.call("eth_blockNumber"), 16))
        assert before == {granted, below, unrelated} == usable(firm, code)
        firm.does("grant", "revoke", granted, "--reason", "BREACH")
        assert before - usable(firm, code) == {one["grant"] for one in hits}
        dead = laboratory.fails("usage", "record", below, *words, code="usage-refused")
        assert dead["verdict"] == "ANCESTOR_REVOKED"

        # The derived products stand, and say what became of their ground. A court is shown that the
        # grant was there at one block and is revoked at another.
        assert [flagged(rival, one) for one in derived] == [{"GRANT_REVOKED"}] * 2
        assert firm.does("product", "show", min(derived))["in_force"]
        assert standing["against"] == []
        assert proved(city, rival, granted, "--at", block)["against"] == []
        ended = proved(city, rival, granted)["against"]
        assert [one["verdict"] for one in ended] == ["GRANT_REVOKED"]


def usable(person: Person, product: str, *more: str) -> set[str]:
    """Return the grants on a product that can be used."""
    items = person.does("who", "--product", product, "--usable", *more)["items"]
    return {one["grant"] for one in items}


def test_a_foreign_buyer_needs_its_territory_granted(tmp_path: Path) -> None:
    """A grant for China is no good in Singapore, until a new version with a filing adds it."""
    with scene(tmp_path, "2026-06-01 09:00", seat="511") as city:
        weather = city.person("weather", "91510100MA0000090T")
        buyer = city.person("singapore")
        regulator = city.person("regulator")
        city.admit(regulator, "regulator")
        city.go_to("2026-07-01 09:00")
        data = a_folder(weather, hail_json=b'{"index": []}')
        product = applied(weather, data, weather.form("hail_index"))
        code = registered(city, product, publicised="2026-07-01 10:00", final="2026-07-09 09:00")
        words = ("--action", "QUERY", "--purpose", "INSURANCE")
        text = weather.file("index.txt", "the hail index")
        terms = (
            *(code, "--to", buyer.party, "--template", "PROVISION", "--text", text, *words),
            *("--quota", "100CALL", "--territory", "156"),
        )
        first = agreed(proposed(weather, "china.json", *terms), weather, buyer)
        asked = ("check", code, "--grantee", buyer.party, *words, "--territory")
        assert buyer.answers(*asked, "110000", exit_code=0)["grant"] == first
        away = buyer.answers(*asked, "702", exit_code=1)
        assert away["verdict"] == "TERRITORY_NOT_GRANTED"
        use = (*words, "--territory", "702")
        refused = buyer.fails("usage", "record", first, *use, code="usage-refused")
        assert refused["verdict"] == "TERRITORY_NOT_GRANTED"

        city.go_to("2026-08-03 09:00")
        filing = weather.file("filing.txt", "export filing 2026-0001")
        wider = ("--territory", "702", "--filing", filing, "--replaces", first)
        second = agreed(proposed(weather, "both.json", *terms, *wider), weather, buyer)
        clauses = buyer.does("grant", "show", second)["clauses"]
        assert clauses["replaces"] == first
        assert clauses["filing"] is not None
        assert buyer.does("grant", "show", first)["state"] == "ENDED"
        assert buyer.answers(*asked, "702", exit_code=0)["grant"] == second
        assert buyer.does("usage", "record", second, *use)["remaining"] == "99"
        ended = buyer.fails(
            "usage", "record", first, *words, "--territory", "156", code="usage-refused"
        )
        assert ended["verdict"] == "GRANT_ENDED"

        # A bank that lends on the index has a stranger's word for nothing.
        bank = city.person("bank", "91440300MA00000A9P")
        assert bank.answers("verify", data, "--code", code, exit_code=0)["lineage"] is None
        record = proved(city, bank, product)["product"]
        assert (record["inForce"], record["seizures"]) == (True, 0)
        assert bank.does("audit", "run", "--deep")["differences"] == []
        on_a_day = ("audit", "who", "--product", product, "--at", "2026-07-20")
        assert [one["grant"] for one in bank.does(*on_a_day)["items"]] == [first]

        # Later the regulator asks who could use it on a day.
        assert usable(regulator, code) == {second}
        assert usable(regulator, code, "--at", "2026-07-20T00:00:00Z") == {first}
        assert usable(regulator, code, "--at", "2026-07-05T00:00:00Z") == set()
