"""Five stories of data in the field, as far as they are about registration.

The parties are made up; their credit codes have valid check characters. Files are small where the
story's are large: their size is part of the description alone.
"""

from pathlib import Path

import pytest

from tests.integration.stories.scene import Person, Scene, scene
from tests.integration.stories.steps import a_folder, applied, registered

pytestmark = pytest.mark.slow


def certified(city: Scene, code: str, applicant: Person) -> str:
    """Have the registrar issue a certificate by the form that it has, and return the document."""
    folder = city.registrar.home / "certificates"
    city.registrar.does(
        *("certificate", "issue", code, "--form", applicant.whole_form(), "--out", str(folder))
    )
    return str(next(folder.glob("*.json")))


def test_crop_plots_are_registered_as_public_data(tmp_path: Path) -> None:
    """A public body registers plots under PUBLIC; nothing is final before publicity is over."""
    with scene(tmp_path, "2026-03-02 09:00", seat="411") as city:
        registrar = city.registrar
        department = city.person("agriculture", "11410000MB0000019W")
        data = a_folder(department, plots_gpkg=b"plots" * 1000, image_tif=b"II*\0" * 1000)
        form = department.form("crop_plots")

        # Raw government data takes no other profile.
        wrong = department.fails(
            *("register", data, "--profile", "PROPERTY", "--metadata", form),
            code="metadata-invalid",
            exit_code=3,
        )
        assert "rawPublic" in {one["field"] for one in wrong["problems"]}
        product = applied(department, data, form, "PUBLIC")

        # Only the registrar that has the case decides it.
        department.fails("case", "accept", product, code="not-registrar")
        accepted = registrar.does("case", "accept", product)
        assert accepted["due"] == "2026-03-30T16:00:00Z"
        publicised = registrar.does("case", "publicise", product)
        assert publicised["due"] == "2026-03-16T16:00:00Z"
        assert "Public announcement" in publicised["notice"]

        # Ten working days of publicity after 2 March end with 16 March.
        evidence = registrar.file("deposit.txt", "evidence")
        city.go_to("2026-03-16 23:59")
        registrar.fails("case", "finalise", product, "--evidence", evidence, code="too-early")
        city.go_to("2026-03-17 00:00")
        done = registrar.does("case", "finalise", product, "--evidence", evidence)
        assert done["code"] == "GG4112026030001"

        shown = department.does("product", "show", done["code"])
        assert (shown["id"], shown["state"], shown["profile"]) == (product, "REGISTERED", "PUBLIC")
        # Three years from the day of registration.
        assert shown["until"] == "2029-03-16T16:00:00Z"
        assert department.answers("verify", data, exit_code=0)


def test_fused_data_needs_the_others_consent(tmp_path: Path) -> None:
    """Of data that three fused without agreement one gets OPERATE once both others concur."""
    with scene(tmp_path, "2026-04-01 09:00", seat="331") as city:
        registrar = city.registrar
        port = city.person("port", "91330200MA000004XF")
        railway = city.person("railway", "91420100MA0000058W")
        forwarder = city.person("forwarder", "91330200MA0000066A")
        data = a_folder(port, calls_csv=b"a,b\n" * 99, bills_parquet=b"PAR1", orders_json=b"[]")
        product = applied(port, data, port.form("sea_rail_fusion", port, railway, forwarder))
        registrar.does("case", "accept", product)
        registrar.does("case", "publicise", product)
        city.go_to("2026-04-20 09:00")
        finalise = ("case", "finalise", product, "--evidence", registrar.file("e.txt", "e"))
        first = registrar.fails(*finalise, code="consent-missing")
        assert first["party"] in {railway.party, forwarder.party}
        railway.does("case", "concur", product)
        assert registrar.fails(*finalise, code="consent-missing")["party"] == forwarder.party
        forwarder.does("case", "concur", product)
        assert registrar.does(*finalise)["code"] == "SJ3312026040001"

        held = {
            one["party"]: one["rights"] for one in port.does("product", "show", product)["holders"]
        }
        assert held == {
            port.party: ["HOLD", "USE", "OPERATE"],
            railway.party: ["HOLD", "USE"],
            forwarder.party: ["HOLD", "USE"],
        }


def test_one_altered_byte_is_named(tmp_path: Path) -> None:
    """A folder of eighteen files is registered; after a change `verify` names the file."""
    with scene(tmp_path, "2026-05-06 09:00", seat="371") as city:
        manufacturer = city.person("manufacturer", "91370200MA0000074M")
        files = {f"part{number:02}_parquet": bytes([number]) * 4096 for number in range(18)}
        data = a_folder(manufacturer, **files)
        product = applied(manufacturer, data, manufacturer.form("robot_vibration"))
        # Nobody said a word for three working days: the case is accepted on the next.
        city.go_to("2026-05-11 00:00")
        assert manufacturer.does("case", "timeline", product)["stage"] == "ACCEPTED"
        city.registrar.fails(
            *("case", "not-accept", product, "--reasons", city.registrar.file("r.txt", "late")),
            code="transition-forbidden",
        )
        city.registrar.does("case", "publicise", product)
        city.go_to("2026-05-19 00:00")
        done = city.registrar.does(
            "case", "finalise", product, "--evidence", city.registrar.file("e.txt", "e")
        )
        assert done["code"] == "SJ3712026050001"
        assert manufacturer.answers("verify", data, exit_code=0)["outcome"] == "IN_FORCE"
        (Path(data) / "part07.parquet").write_bytes(bytes([7]) * 4095 + b"\x08")
        changed = manufacturer.answers("verify", data, "--code", done["code"], exit_code=5)
        assert changed["differences"]["changed"] == ["part07.parquet"]


def test_contested_battery_data(tmp_path: Path) -> None:
    """A rival objects in vain; a court seizes the product; an award moves OPERATE."""
    with scene(tmp_path, "2026-10-12 09:00", seat="441") as city:
        registrar = city.registrar
        firm = city.person("battery", "91340100MA0000082Y")
        rival = city.person("rival", "91510100MA0000090T")
        court = city.person("court")
        city.admit(court, "court")
        city.go_to("2026-11-02 09:00")
        data = a_folder(firm, cycles_csv=b"cycle,capacity\n" * 50)
        product = applied(firm, data, firm.form("battery_cycles"))
        registrar.does("case", "accept", product)
        registrar.does("case", "publicise", product)

        city.go_to("2026-11-05 10:00")
        rival.does("case", "object", product, "--evidence", rival.file("claim.txt", "mine"))
        city.go_to("2026-11-10 09:00")
        evidence = registrar.file("deposit.txt", "evidence")
        finalise = ("case", "finalise", product, "--evidence", evidence)
        registrar.fails(*finalise, code="transition-forbidden")
        decided = registrar.does(
            *("case", "decide", product, "--outcome", "rejected"),
            *("--reasons", registrar.file("reasons.txt", "no proof")),
        )
        assert not decided["overdue"]
        assert "Decision" in decided["notice"]
        code = registrar.does(*finalise)["code"]
        assert code == "SJ4412026110001"
        certificate = certified(city, code, firm)
        assert rival.answers("certificate", "verify", certificate, exit_code=0)

        granted = firm.does(
            *("grant", "issue", code, "--to", rival.party, "--action", "READ"),
            *("--purpose", "RESEARCH"),
        )
        seized = court.does(
            *("product", "annotate", code, "--kind", "SEIZURE", "--reason", "AUTHORITY"),
            *("--evidence", court.file("order.txt", "seize")),
        )
        asked = ("--grantee", rival.party, "--action", "READ", "--purpose", "RESEARCH")
        check = ("check", code, *asked)
        assert rival.answers(*check, exit_code=1)["verdict"] == "PRODUCT_SEIZED"
        firm.fails(
            *("grant", "issue", code, "--to", rival.party, "--action", "QUERY"),
            *("--purpose", "RESEARCH"),
            code="product-encumbered",
        )
        firm.fails(
            *("case", "transfer", code, "--to", rival.party, "--rights", "OPERATE"),
            code="product-encumbered",
        )
        rival.answers("certificate", "verify", certificate, exit_code=1)

        # The award moves the right in spite of the seizure, and both holders stay on record.
        award = registrar.file("award.txt", "the rival operates it")
        registrar.does(
            *("case", "award", code, "--from", firm.party, "--to", rival.party),
            *("--rights", "OPERATE", "--evidence", award),
        )
        court.does("product", "release", code, str(seized["index"]))
        holders = firm.does("product", "holders", code)["items"]
        now = {one["party"]: one["rights"] for one in holders if one["until"] is None}
        assert now == {firm.party: ["HOLD", "USE"], rival.party: ["OPERATE"]}
        before = [one for one in holders if one["until"] is not None]
        assert [one["rights"] for one in before] == [["HOLD", "USE", "OPERATE"]]
        # The record has moved on from the old certificate; the old grant stands.
        overtaken = rival.answers("certificate", "verify", certificate, exit_code=6)
        assert overtaken["differing"] == ["credentialSubject.holders"]
        assert rival.answers(*check, exit_code=0)["grant"] == granted["id"]


def test_a_bank_looks_before_it_lends(tmp_path: Path) -> None:
    """A bank verifies a certificate and asks what stood against a product on a day."""
    with scene(tmp_path, "2026-06-01 09:00", seat="511") as city:
        registrar = city.registrar
        weather = city.person("weather", "91510100MA0000090T")
        bank = city.person("bank", "91440300MA00000A9P")
        data = a_folder(weather, hail_json=b'{"index": []}')
        product = applied(weather, data, weather.form("hail_index"))
        code = registered(city, product, publicised="2026-06-02 09:00", final="2026-06-10 09:00")
        certificate = certified(city, code, weather)
        assert bank.answers("certificate", "verify", certificate, exit_code=0)
        city.go_to("2026-07-01 09:00")
        annotated = registrar.does(
            *("product", "annotate", code, "--kind", "DISPUTE", "--reason", "DISPUTE"),
            *("--evidence", registrar.file("dispute.txt", "claimed")),
        )
        city.go_to("2026-07-10 09:00")
        registrar.does("product", "release", code, str(annotated["index"]))
        # On the day the loan was asked for nothing stood against it; a month later something did.
        day = "2026-06-15T00:00:00Z"
        assert bank.does("product", "show", code, "--at", day)["disputes"] == 0
        assert bank.does("product", "show", code, "--at", "2026-07-05T00:00:00Z")["disputes"] == 1
        assert bank.does("product", "show", code)["disputes"] == 0
        # A certificate that somebody improved is found out.
        altered = bank.file("better.json", Path(certificate).read_bytes().replace(b"USE", b"USR"))
        assert bank.tries("certificate", "verify", altered).code in {3, 5}
