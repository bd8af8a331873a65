/** Styles of the page: light and dark, from the width of a phone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #5c6675; --line: #d9dee5; --code: #eef1f5;
  --danger: #b42318; --danger-back: #fdeceb; --caution: #96590a; --caution-back: #fdf3e1;
  --note: #1d5fa8; --note-back: #e8f1fb; --clean: #1d7a3e; --clean-back: #e6f5ea;
  --added: #1d7a3e; --changed: #1d5fa8; --removed: #39424f; --replaced: #7a2e9e; --quiet: #8a94a3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b2129; --ink: #e6eaf0; --soft: #9aa5b4; --line: #323b47; --code: #262e38;
    --danger: #ff8a80; --danger-back: #3a1d1c; --caution: #f2b95c; --caution-back: #382a14;
    --note: #7fb6f2; --note-back: #182b40; --clean: #74cf90; --clean-back: #16311f;
    --added: #74cf90; --changed: #7fb6f2; --removed: #c3cad4; --replaced: #d39bf0; --quiet: #75808f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 16px; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; }
h2 { margin: 32px 0 10px; font-size: 19px; }
h3 { margin: 18px 0 8px; font-size: 16px; overflow-wrap: anywhere; }
p { margin: 6px 0; }
code, pre, .path { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.soft { color: var(--soft); }
.small { font-size: 13px; }
.verdict { border-radius: 10px; padding: 18px; border: 1px solid; background: var(--card); }
.verdict.danger { border-color: var(--danger); background: var(--danger-back); }
.verdict.danger h1 { color: var(--danger); }
.verdict.caution { border-color: var(--caution); background: var(--caution-back); }
.verdict.caution h1 { color: var(--caution); }
.verdict.clean { border-color: var(--clean); background: var(--clean-back); }
.verdict.clean h1 { color: var(--clean); }
.verdict ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 8px 0; padding: 0; font-weight: 600; }
.verdict li span { white-space: nowrap; }
.verdict p { overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 10px 0; }
.finding { border-left: 5px solid var(--quiet); }
.finding.danger { border-left-color: var(--danger); }
.finding.caution { border-left-color: var(--caution); }
.finding.note { border-left-color: var(--note); }
.finding .rule { font-weight: 600; }
.finding.danger .rule { color: var(--danger); }
.finding.caution .rule { color: var(--caution); }
.finding.note .rule { color: var(--note); }
.path { color: var(--soft); overflow-wrap: anywhere; }
.finding p { overflow-wrap: anywhere; }
.advice::before { content: "→ "; color: var(--soft); }
.card > h3:first-child { margin-top: 2px; }
details > summary { cursor: pointer; overflow-wrap: anywhere; }
details.resource { border-top: 1px solid var(--line); padding: 7px 0; }
details.resource:target { background: var(--code); }
.kind { display: inline-block; min-width: 1.5em; text-align: center; font-weight: 700; }
.kind.added { color: var(--added); } .kind.removed { color: var(--removed); }
.kind.replaced, .kind.may-replace, .kind.renamed { color: var(--replaced); } .kind.changed { color: var(--changed); }
.kind.code { color: var(--quiet); }
.tag { border: 1px solid; border-radius: 9px; padding: 0 7px; font-size: 12px; white-space: nowrap; }
.tag.danger { color: var(--danger); } .tag.caution { color: var(--caution); } .tag.note { color: var(--note); }
.diff { margin: 6px 0 10px 1.9em; }
.diff dt { font: 13px/1.45 ui-monospace, monospace; margin-top: 8px; overflow-wrap: anywhere; }
.diff dd { margin: 2px 0; padding: 2px 8px; background: var(--code); border-radius: 4px; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.diff dd.before::before { content: "− "; color: var(--danger); font-weight: 700; }
.diff dd.after::before { content: "+ "; color: var(--added); font-weight: 700; }
pre { background: var(--code); border-radius: 6px; padding: 10px; overflow-x: auto; margin: 8px 0; }
.stacks { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
svg.stack { flex: 1 1 310px; max-width: 360px; min-width: 0; }
.frame { fill: var(--card); stroke: var(--line); }
.name { font: 600 13px system-ui, sans-serif; fill: var(--ink); }
.said, .group { font: 12px system-ui, sans-serif; fill: var(--soft); }
.box { fill: none; stroke: var(--line); stroke-width: 1.5; }
.box.added { stroke: var(--added); fill: var(--added); } .box.changed { stroke: var(--changed); fill: var(--changed); }
.box.removed { stroke: var(--removed); fill: var(--removed); }
.box.replaced, .box.may-replace, .box.renamed { stroke: var(--replaced); fill: var(--replaced); }
.box.code { stroke: var(--quiet); fill: none; }
.box:not(.code) + .mark { fill: var(--card); }
.mark { font: 700 13px system-ui, sans-serif; text-anchor: middle; fill: var(--soft); }
.box.s-danger { stroke: var(--danger); fill: var(--danger); } .box.s-caution { stroke: var(--caution); fill: var(--caution); }
.box.s-danger + .mark, .box.s-caution + .mark { fill: var(--card); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 10px 0; padding: 0; color: var(--soft); font-size: 13px; }
.legend svg { width: 16px; height: 16px; vertical-align: -3px; margin-right: 5px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.changed td { font-weight: 600; }
tfoot td { font-weight: 700; }
footer { margin: 32px 0 8px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
@media (max-width: 520px) { main { padding: 10px; } .diff { margin-left: 0; } h1 { font-size: 22px; } }
@media print { details > * { display: block; } .card { break-inside: avoid; } }
`;
