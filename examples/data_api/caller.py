"""Call the data service as the holder of a grant: sign a receipt for each call."""

from __future__ import annotations

import argparse
import http.client
import sys

from registry.client import Dengji
from registry.domain.ids import GrantId
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Purpose
from registry.enforcement.responses import HEADER


def call(client: Dengji, address: str, grant: GrantId, purpose: Purpose, path: str) -> bytes:
    """Return what the service at `host:port` answers to one call under a grant.

    A call that was served counts; one that was refused does not.
    """
    signed = client.usages.sign(client.grants.get(grant), action=Action.QUERY, purpose=purpose)
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", path, headers={HEADER: signed.header()})
        answer = connection.getresponse()
        receipt = answer.getheader(HEADER)
        if receipt is not None:
            client.usages.take(SignedReceipt.parse(receipt))
        return answer.read()
    finally:
        connection.close()


def main() -> None:
    """Call once and print the answer."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("address", help="host:port of the service")
    asked.add_argument("grant", type=GrantId.parse)
    asked.add_argument("path")
    asked.add_argument("--purpose", type=Purpose.__getitem__, default=Purpose.RESEARCH)
    given = asked.parse_args()
    with Dengji.connect() as client:
        answer = call(client, given.address, given.grant, given.purpose, given.path)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
