"""Files that would make their reader fetch, expand, wait, or show what it should not."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli.files import MAX_BYTES, read_bytes
from registry.domain.exports.rdf import violations
from registry.domain.manifest import read_manifest
from registry.domain.metadata_documents import read
from registry.errors import (
    FileTooLong,
    ManifestMalformed,
    MetadataUnreadable,
    RegistryError,
    ShapesUnreadable,
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """Listen on a port of this machine; yield its address, and what anybody sent to it."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                heard.append(client.recv(1000))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/x", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


REACHING = (
    '{"@context": "URL", "@type": "dcat:Dataset", "dct:title": "x"}',
    '{"@context": ["URL"], "@type": "dcat:Dataset"}',
    '{"@context": {"@import": "URL"}, "@type": "dcat:Dataset"}',
    '{"@context": {"a": {"@id": "x:y", "@context": "URL"}}, "@type": "dcat:Dataset", "a": {}}',
    '{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": [{"@context": "URL"}]}',
    '<?xml version="1.0"?><!DOCTYPE x SYSTEM "URL"><rdf:RDF/>',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "URL">]><rdf:RDF>&e;</rdf:RDF>',
    (
        '<?xml version="1.0"?><?xml-stylesheet href="URL"?><rdf:RDF xmlns:rdf='
        '"http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xi="http://www.w3.org/2001/XInclude">'
        '<xi:include href="URL"/></rdf:RDF>'
    ),
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<URL> owl:imports <URL> .",
    "@base <URL> .\n<> a <http://www.w3.org/ns/dcat#Dataset> .",
)


@pytest.mark.parametrize("text", REACHING)
def test_nothing_is_fetched(text: str, listener: tuple[str, list[bytes]]) -> None:
    """Whatever a description or shapes name elsewhere, nobody goes there."""
    url, heard = listener
    raw = text.replace("URL", url).encode()
    for form in (None, "dcat"):
        try:
            read(raw, file="x", form=form)
        except RegistryError:
            continue
    with suppress(RegistryError):
        violations({"@context": {}, "@id": "x:y"}, raw, file="x")
    assert heard == []


def test_entities_do_not_expand() -> None:
    """Entities of entities are refused before any is looked at."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    raw = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><rdf:RDF>&a11;</rdf:RDF>'.encode()
    with pytest.raises(MetadataUnreadable) as caught:
        read(raw, file="x")
    assert caught.value.reason == "document-type"


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a//b", "./a", "a/.", "", "a\x00b", "a/"]
)
def test_a_manifest_names_nothing_outside(tmp_path: Path, path: str) -> None:
    """A path that leads out of the content, or is none, is refused where it stands."""
    header = {"digests": [], "format": "dengji-manifest/1", "kind": "folder"}
    header["metadata"] = {"dataName": "x"}  # type: ignore[assignment]
    entry = {"digest": "ab" * 32, "path": path, "size": 1}
    lines = (json.dumps(one, separators=(",", ":")) for one in (header, entry))
    file = tmp_path / "m.jsonl"
    file.write_text("".join(line + "\n" for line in lines))
    with pytest.raises(ManifestMalformed) as caught:
        read_manifest(file)
    assert caught.value.line == 2


def test_a_sparse_file_is_not_held(tmp_path: Path) -> None:
    """A file that takes no place on disk is not read beyond what a small file may be."""
    file = tmp_path / "huge"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    for path in (file, Path("/dev/zero")):
        with pytest.raises(FileTooLong) as caught:
            read_bytes(path)
        assert caught.value.limit == MAX_BYTES


def test_links_in_a_circle_are_an_error_of_ours(tmp_path: Path) -> None:
    """A link to itself is a file that cannot be read, wherever one is asked for."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (loop, loop / "below"):
        with pytest.raises(RegistryError):
            read_bytes(path)
        with pytest.raises(RegistryError):
            read_manifest(path)


def test_shapes_that_reach_out_are_refused() -> None:
    """Shapes whose query asks another server are refused before anything is asked."""
    shapes = """
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
        x:s a sh:NodeShape ; sh:targetNode x:y ;
          sh:sparql [ sh:select "SELECT $this { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }" ] .
    """
    with pytest.raises(ShapesUnreadable):
        violations({"@context": {}, "@id": "urn:x:y"}, shapes.encode(), file="x")
