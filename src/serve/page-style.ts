/** The list's style sheet, colours as in the HTML report. The page's policy names it by its hash. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #12161b);
  --paper: light-dark(#fff, #1a2027);
  --ink: light-dark(#1b2026, #e4e8ec);
  --faint: light-dark(#57606a, #9ea9b5);
  --line: light-dark(#d9dee3, #313a44);
  --link: light-dark(#0a58b5, #7db4f5);
  --failed: light-dark(#b3261e, #ffa8a0);
  --errored: light-dark(#7a4d00, #f3c15c);
  --flaky: light-dark(#6b3fa0, #d0b3f5);
  --passed: light-dark(#1a6b3c, #7fd3a0);
}
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--ground); color: var(--ink); font: 14px / 1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
figure { margin: 1rem 0; }
figcaption { color: var(--faint); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--paper); border: 1px solid var(--line); }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
thead th { color: var(--faint); }
.figure { font-variant-numeric: tabular-nums; }
.name { overflow-wrap: anywhere; white-space: normal; }
ul { margin: 0; padding-left: 1.2rem; }
.exit-0, .key.passed { color: var(--passed); }
.exit-1, .exit-3, .failed { color: var(--failed); }
.exit-2, .errored { color: var(--errored); }
.flaky { color: var(--flaky); }
rect { fill: currentColor; }
rect.passed { color: var(--passed); opacity: 0.45; }
`;
