/**
 * How the chart looks, on light and on dark pages. Its fonts are the reader's own. Each rule names its
 * colours, because some programs that show SVG do not know variables.
 */
const LIGHT = {
  page: "#ffffff",
  ink: "#1f2328",
  quiet: "#59636e",
  fresh: "#dcf5e3",
  renewing: "#fdf3d3",
  atRisk: "#fde3e0",
  left: "#0b5cad",
  alerted: "#7a2fd0",
  expired: "#b3261e",
};

const DARK: typeof LIGHT = {
  page: "#161b22",
  ink: "#f0f6fc",
  quiet: "#b9c2cc",
  fresh: "#15331f",
  renewing: "#3b300d",
  atRisk: "#451d1b",
  left: "#79c0ff",
  alerted: "#cfadff",
  expired: "#ff8d83",
};

export const STYLE = `
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px}
.head{font-size:20px;font-weight:600}
.name{font-size:15px;font-weight:600}
.axis,.band{font-size:12px}
.alarm,.bad{font-weight:600}
.left{fill:none;stroke-width:2.5;stroke-linejoin:round}
.renewal{stroke-width:2.5}
.hatch{fill-opacity:.16}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;

function colours(palette: typeof LIGHT): string {
  return [
    `text,.hatch{fill:${palette.ink}}`,
    `.note,.axis,.band{fill:${palette.quiet}}`,
    `.page{fill:${palette.page}}`,
    `.fresh{fill:${palette.fresh}}`,
    `.renewing{fill:${palette.renewing}}`,
    `.at-risk{fill:${palette.atRisk}}`,
    `.left{stroke:${palette.left}}`,
    `.renewal{fill:${palette.page};stroke:${palette.left}}`,
    `.alarm,.firing,.alerted{fill:${palette.alerted}}`,
    `.bad,.expired{fill:${palette.expired}}`,
  ].join("\n");
}
