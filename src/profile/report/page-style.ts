import { HEAT_INK } from "./heat-colour.ts";

const LIGHT = `--paper:#fff;--raised:#f6f7f9;--ink:#14181d;--soft:#4a525c;--line:#d5dae0;--link:#0b5394;--cue:#0b5d99;--decoy:#9a4d00;--third:#5b3fa0;--alert:#fff3e0;--alert-line:#b45f06;--heat-ink:${HEAT_INK.light}`;
const DARK = `--paper:#14181d;--raised:#1d2229;--ink:#f0f2f5;--soft:#b4bdc8;--line:#39414b;--link:#8ec5ff;--cue:#6db8ef;--decoy:#f0a35c;--third:#c0a8f5;--alert:#3a2a12;--alert-line:#e69138;--heat-ink:${HEAT_INK.dark}`;

/** The one style sheet of report and card: both schemes, paper, phones. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main,footer,nav{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1,h2,h3{line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,4vw,2.4rem);letter-spacing:-.015em}
h2{font-size:1.4rem;margin:3.25rem 0 .5rem;padding-top:1.25rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .4rem}
p,ul,dl{max-width:44rem;margin:.5rem 0 1rem}
a{color:var(--link)}
a:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main>section:first-child h2{border-top:0;margin-top:.75rem}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
.eyebrow{color:var(--soft);font-size:.9rem;margin:0 0 .35rem}
.answer{font-size:1.2rem;line-height:1.5;max-width:50rem;margin:1.25rem 0;padding:1rem 1.25rem;background:var(--raised);border-left:4px solid var(--cue);border-radius:0 .4rem .4rem 0}
.alert{background:var(--alert);border-left-color:var(--alert-line)}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;max-width:none;margin:1rem 0}
.facts div{min-width:0}
dt{color:var(--soft);font-size:.82rem}
dd{margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:.75rem 0;margin:1.5rem 0 0;max-width:none;border-block:1px solid var(--line);font-size:.95rem}
nav a{display:inline-block;padding:.2rem 0}
.soft,figcaption{color:var(--soft)}figcaption{font-size:.85rem}
.scroll{overflow-x:auto;margin:1rem 0;max-width:100%}
table{border-collapse:collapse;font-size:.92rem}
caption span{display:block;position:sticky;left:0;max-width:calc(100vw - 2.5rem)}
caption{white-space:normal;text-align:left;color:var(--soft);padding:0 0 .5rem;font-size:.9rem}
th,td{padding:.4rem .75rem;text-align:right;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap;overflow-wrap:normal}
th{font-weight:600}
th:first-child,td.text,th.text{text-align:left}
td.text{white-space:normal;min-width:12rem}
th .name{display:block;font-weight:400;font-size:.78rem;color:var(--soft)}
th abbr{text-decoration:none}
.fine{display:block;font-size:.74rem;font-weight:400;line-height:1.35}
.heat{width:100%;min-width:46rem;table-layout:fixed;border-collapse:separate;border-spacing:2px}
.heat th,.heat td{border:0}
.heat td{background:var(--light,transparent);color:var(--heat-ink);text-align:center;padding:.45rem .3rem;border-radius:.25rem;font-size:1rem}
.heat th{white-space:normal}
.heat thead th{text-align:center}
.heat th:first-child{width:9.5rem}
.heat thead th:first-child{text-align:left;font-weight:400;color:var(--soft);font-size:.8rem}
.heat td.told{font-weight:700}
.heat td.own{box-shadow:inset 0 0 0 2px var(--ink)}
.heat td.empty{background:repeating-linear-gradient(45deg,transparent 0 6px,var(--raised) 6px 12px);color:var(--ink);font-style:italic}
@media (prefers-color-scheme:dark){.heat td{background:var(--dark,transparent)}}
.key{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;align-items:center;font-size:.85rem;color:var(--soft);max-width:none;margin:.25rem 0 1rem}
.key svg{display:inline-block;vertical-align:-.15em;margin-right:.3rem}
.ramp{display:inline-block;width:9rem;height:.9rem;border-radius:.2rem;background:linear-gradient(90deg,#f09e54,#f4f4f2,#58a0d6);margin:0 .5rem;vertical-align:-.1em}
@media (prefers-color-scheme:dark){.ramp{background:linear-gradient(90deg,#924c10,#252a31,#1a629e)}}
.pair{display:grid;grid-template-columns:minmax(0,29rem) minmax(0,1fr);gap:1rem 2rem;align-items:start}
.pair tbody th{white-space:normal}
figure{margin:.5rem 0;min-width:0}
.plot{display:block;width:100%;height:auto;max-width:29rem;font-family:inherit;overflow:visible}
code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.88em;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.85rem;padding-block:3rem 2.5rem}
@media (max-width:56rem){.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:40rem){header{padding-top:1.5rem}.answer{font-size:1.08rem}.heat th:first-child{width:4rem;position:sticky;left:0;background:var(--paper);z-index:1}.heat th:first-child .name{display:none}th,td{padding:.35rem .5rem}td.text{min-width:8rem}}
@media print{:root{color-scheme:light;${LIGHT}}body{font-size:9.5pt}nav,.skip{display:none}.scroll{overflow:visible}.heat{min-width:0}.heat td{background:var(--light,transparent);print-color-adjust:exact;-webkit-print-color-adjust:exact;font-size:9pt;padding:.3rem .1rem}.fine{font-size:6.5pt}.ramp{print-color-adjust:exact;-webkit-print-color-adjust:exact;background:linear-gradient(90deg,#f09e54,#f4f4f2,#58a0d6)}th,td{padding:.25rem .4rem;white-space:normal}td.text{min-width:0}caption span{max-width:none}h2{break-after:avoid}figure,table,.pair{break-inside:avoid}header,main,footer{max-width:none;padding-inline:0}}
`.trim();
