/**
 * How the picture looks, on light and on dark pages. Its fonts are the reader's own. Colours stand in
 * each rule and not in variables, which some programs that show SVG do not know.
 */
interface Palette {
  readonly page: string;
  readonly ink: string;
  readonly quiet: string;
  readonly fresh: string;
  readonly renewing: string;
  readonly risk: string;
  readonly life: string;
  readonly told: string;
  readonly expired: string;
}

const LIGHT: Palette = {
  page: "#ffffff",
  ink: "#1f2328",
  quiet: "#59636e",
  fresh: "#dcf5e3",
  renewing: "#fdf3d3",
  risk: "#fde3e0",
  life: "#0b5cad",
  told: "#7a2fd0",
  expired: "#b3261e",
};

const DARK: Palette = {
  page: "#161b22",
  ink: "#f0f6fc",
  quiet: "#b9c2cc",
  fresh: "#15331f",
  renewing: "#3b300d",
  risk: "#451d1b",
  life: "#79c0ff",
  told: "#cfadff",
  expired: "#ff8d83",
};

export const STYLE = `
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px}
.head{font-size:20px;font-weight:600}
.name{font-size:15px;font-weight:600}
.axis,.band{font-size:12px}
.alarm,.bad{font-weight:600}
.life{fill:none;stroke-width:2.5;stroke-linejoin:round}
.renewal{stroke-width:2.5}
.hatch{fill-opacity:.16}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;

function colours(palette: Palette): string {
  return [
    `text,.hatch{fill:${palette.ink}}`,
    `.note,.axis,.band{fill:${palette.quiet}}`,
    `.page{fill:${palette.page}}`,
    `.fresh{fill:${palette.fresh}}`,
    `.renewing{fill:${palette.renewing}}`,
    `.risk{fill:${palette.risk}}`,
    `.life{stroke:${palette.life}}`,
    `.renewal{fill:${palette.page};stroke:${palette.life}}`,
    `.alarm,.firing,.told{fill:${palette.told}}`,
    `.bad,.expired{fill:${palette.expired}}`,
  ].join("\n");
}
