"""Lay out the certificate's page: A4 portrait, with frame, head and foot on every sheet."""

from __future__ import annotations

from typing import Final

STYLE: Final = """\
@page { size: A4; margin: 0; }
:root { --ink: #1c2430; --gold: #94793c; --pale: #d9cfb6; --faint: #5d6573; }
* { box-sizing: border-box; }
html { background: #e8e6e1; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { position: relative; width: 210mm; min-height: 297mm; margin: 8mm auto; background: #fffdf8;
  overflow-wrap: anywhere; color: var(--ink);
  font: 10pt/1.55 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun,
    "Times New Roman", serif; }
.frame { position: absolute; inset: 8mm; border: .7mm solid var(--gold); pointer-events: none; }
.frame::before { content: ""; position: absolute; inset: 1.1mm; border: .2mm solid var(--gold); }
.corner { position: absolute; width: 11mm; height: 11mm; fill: none; stroke: var(--gold); }
.corner:nth-of-type(1) { top: 2mm; left: 2mm; }
.corner:nth-of-type(2) { top: 2mm; right: 2mm; transform: scaleX(-1); }
.corner:nth-of-type(3) { bottom: 2mm; left: 2mm; transform: scaleY(-1); }
.corner:nth-of-type(4) { bottom: 2mm; right: 2mm; transform: scale(-1); }
.rosette { position: absolute; top: 50%; left: 50%; width: 150mm; height: 150mm;
  transform: translate(-50%, -50%); fill: none; stroke: var(--gold); opacity: .13; }
.running { position: absolute; left: 24mm; right: 24mm; color: var(--faint); font-size: 7.6pt;
  line-height: 1.45; text-align: center; overflow-wrap: anywhere; }
.top { top: 13.4mm; }
.bottom { bottom: 13mm; }
.bottom p { margin: 0; }
.bottom .local { color: #9b2c1f; font-weight: 600; }
.sheet { position: relative; width: 100%; border-collapse: collapse; table-layout: fixed; }
.sheet > thead > tr > td { height: 21mm; padding: 0; }
.sheet > tfoot > tr > td { height: 28mm; padding: 0; }
.sheet > tbody > tr > td { padding: 0 24mm; }
h1 { margin: 1mm 0 0; font-size: 30pt; font-weight: 700; line-height: 1.3; letter-spacing: .16em;
  text-align: center; text-indent: .16em; }
h1:lang(en) { font-size: 18.5pt; letter-spacing: 0; text-indent: 0; }
.subtitle { margin: 0; font-size: 11.5pt; letter-spacing: .1em; text-align: center;
  text-transform: uppercase; color: var(--gold); }
.rule { width: 46mm; height: 1mm; margin: 2.4mm auto 2.6mm; border: solid var(--gold);
  border-width: .35mm 0 .15mm; }
.codes { display: flex; justify-content: center; gap: 14mm; margin: 0 0 3mm; }
.codes div { max-width: 110mm; text-align: center; overflow-wrap: anywhere; }
.codes dt { font-size: 8pt; color: var(--faint); }
.codes dd { margin: 0; font: 600 14pt/1.3 "DejaVu Sans Mono", Consolas, Menlo, monospace; }
.fields { width: 100%; border-collapse: collapse; table-layout: auto; }
.fields th { width: 31mm; padding: .9mm 3mm .9mm 0; font-weight: 600; text-align: left;
  vertical-align: top; }
.fields th ~ th { padding-left: 5mm; white-space: nowrap; }
.fields td { padding: .9mm 0; vertical-align: top; overflow-wrap: anywhere; }
.fields tr { border-bottom: .12mm solid var(--pale); break-inside: avoid; }
.fields tr:first-child { border-top: .12mm solid var(--pale); }
.name { font-size: 12.5pt; font-weight: 700; line-height: 1.45; }
.marks { width: 100%; margin-top: 1.6mm; border-collapse: collapse; font-size: 7.4pt; }
.marks th { width: 44mm; padding: .35mm 2mm .35mm 0; font-weight: 400; line-height: 1.4;
  text-align: left; vertical-align: top; white-space: nowrap; color: var(--faint); }
.marks td { padding: .35mm 0; line-height: 1.4; }
small { display: block; font-size: 7.4pt; font-weight: 400; line-height: 1.3; color: var(--faint); }
code { font: 7.4pt/1.4 "DejaVu Sans Mono", Consolas, Menlo, monospace; overflow-wrap: anywhere;
  word-break: break-all; }
h2 { margin: 3.4mm 0 1.2mm; font-size: 11pt; font-weight: 700; break-after: avoid; }
h2 small { display: inline; margin-left: 2mm; }
.holders { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 9.2pt; }
.holders th, .holders td { padding: 1.2mm 1.6mm; border: .15mm solid var(--gold);
  vertical-align: middle; overflow-wrap: anywhere; }
.holders th { background: #f4eedf; font-weight: 600; line-height: 1.3; text-align: center; }
.holders tr { break-inside: avoid; }
.holders .who { width: 42mm; }
.holders .right { width: 16.6mm; padding: 1.2mm .6mm; text-align: center; }
.holders .id { width: 42mm; } .holders code { font-size: 7.2pt; }
.right:not(td) { text-transform: capitalize; }
.right b { font-size: 12pt; line-height: 1; }
.right .none { color: #a9a9a9; }
.notes { margin: 0; padding-left: 5mm; font-size: 9.2pt; overflow-wrap: anywhere; }
.notes li { break-inside: avoid; }
.plain { margin: 0; font-size: 9.2pt; }
.attest { display: flex; gap: 6mm; margin-top: 4mm; break-inside: avoid; align-items: flex-start; }
.attest .qr { flex: none; width: 36mm; }
.attest .qr svg { display: block; width: 36mm; height: 36mm; }
.attest .proof { flex: 1 1 0; min-width: 0; margin: 0; font-size: 8pt; line-height: 1.4; }
.proof dt { font-weight: 600; } .proof dd { margin: 0 0 1.6mm; overflow-wrap: anywhere; }
.office { flex: none; width: 52mm; text-align: center; overflow-wrap: anywhere; }
.office p { margin: 0 0 .5mm; font-size: 8pt; line-height: 1.4; }
.office p:first-child { font-weight: 600; }
.office p.registrar { font-size: 11.5pt; font-weight: 700; }
.office p.date { margin: 2mm 0 0; font-size: 9.5pt; font-weight: 600; color: var(--ink); }
.seal { display: flex; flex-direction: column; align-items: center; justify-content: center;
  width: 34mm; height: 34mm; margin: .6mm auto 0; border: .25mm dashed #b9534a; border-radius: 50%;
  color: #b9534a; font-size: 7.6pt; line-height: 1.4; }
.seal small { color: inherit; font-size: 6.6pt; }
@media print {
  html, body { background: none; }
  body { margin: 0; min-height: 0; position: static; }
  .frame, .running, .rosette { position: fixed; }
}
@media screen and (max-width: 210mm) { body { margin: 0; } }
"""
