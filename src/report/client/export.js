/** Charts as SVG and PNG, tables as Markdown and LaTeX: a click each. */
import { announce, element } from "./dom.js";

export function startExports() {
  for (const figure of document.querySelectorAll("figure")) {
    const chart = figure.querySelector("svg.chart");
    if (!(chart instanceof SVGSVGElement)) continue;
    const name = fileName(figure.querySelector("h3")?.textContent ?? "chart");
    figure.append(
      tools(
        button("SVG", () => download(`${name}.svg`, svgBlob(chart))),
        button("PNG", () => void pngOf(chart).then((blob) => download(`${name}.png`, blob))),
      ),
    );
  }
  for (const table of document.querySelectorAll("#view-summary table.figures")) {
    if (!(table instanceof HTMLTableElement)) continue;
    table.parentElement?.after(
      tools(
        button("Markdown", () => void copy(markdownOf(cellsOf(table)), "table as Markdown")),
        button("LaTeX", () => void copy(latexOf(cellsOf(table)), "table as LaTeX")),
      ),
    );
  }
  for (const block of document.querySelectorAll("pre.copied")) {
    block.after(tools(button("Copy", () => void copy(block.textContent ?? "", "text"))));
  }
}

/** @param {...HTMLElement} buttons */
function tools(...buttons) {
  return element("div", { class: "exports" }, ...buttons);
}

/**
 * @param {string} label
 * @param {() => void} act
 */
function button(label, act) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", act);
  return made;
}

/** @param {string} title */
function fileName(title) {
  return (
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "") || "chart"
  );
}

/**
 * @param {string} name
 * @param {Blob} blob
 */
function download(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
  announce(`${name} saved`);
}

const DRAWN = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin",
  "stroke-linecap", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "font-variant-numeric",
]; // prettier-ignore

/**
 * The drawing with its style in it, as the page shows it now: the page's style sheet does not travel.
 *
 * @param {SVGSVGElement} chart
 */
function svgBlob(chart) {
  const copied = chart.cloneNode(true);
  if (!(copied instanceof SVGSVGElement)) throw new Error("a copy of another kind");
  const originals = [chart, ...chart.querySelectorAll("*")];
  for (const [at, made] of [copied, ...copied.querySelectorAll("*")].entries()) {
    const original = originals[at];
    if (original === undefined) continue;
    const style = getComputedStyle(original);
    for (const name of DRAWN) made.setAttribute(name, style.getPropertyValue(name));
    made.removeAttribute("class");
  }
  const { width, height } = chart.viewBox.baseVal;
  copied.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copied.setAttribute("width", String(width));
  copied.setAttribute("height", String(height));
  return new Blob([new XMLSerializer().serializeToString(copied)], { type: "image/svg+xml" });
}

/** Pixels a unit of the drawing. */
const SHARPNESS = 2;

/**
 * @param {SVGSVGElement} chart
 * @returns {Promise<Blob>}
 */
async function pngOf(chart) {
  const { width, height } = chart.viewBox.baseVal;
  const image = new Image();
  const url = URL.createObjectURL(svgBlob(chart));
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  const canvas = element("canvas", { width: width * SHARPNESS, height: height * SHARPNESS });
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
  });
}

/**
 * Rows of texts as wide as the widest; what a cell hides (a list to open) is left out, drawings too.
 *
 * @param {HTMLTableElement} table
 * @returns {string[][]}
 */
function cellsOf(table) {
  const rows = [...table.rows].map((row) =>
    [...row.cells].flatMap((cell) => {
      if (cell.classList.contains("drawn")) return [];
      const shown = cell.querySelector("summary") ?? cell;
      const text = (shown.textContent ?? "").replaceAll(/\s+/g, " ").trim();
      const span = cell.tagName === "TD" ? cell.colSpan : 1;
      return [text, ...Array.from({ length: span - 1 }, () => "")];
    }),
  );
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => "")]);
}

/** @param {string[][]} rows */
function markdownOf(rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return `${[line(head), line(head.map(() => "---")), ...body.map(line)].join("\n")}\n`;
}

/** @param {string[][]} rows */
function latexOf(rows) {
  const line = (/** @type {string[]} */ cells) => `${cells.map(latexText).join(" & ")} \\\\`;
  const [head = [], ...body] = rows;
  const columns = head.map((_, at) => (at === 0 ? "l" : "r")).join("");
  return `${[`\\begin{tabular}{${columns}}`, "\\toprule", line(head), "\\midrule", ...body.map(line), "\\bottomrule", "\\end{tabular}"].join("\n")}\n`;
}

/** @param {string} text */
function latexText(text) {
  return text
    .replaceAll("\\", "/")
    .replaceAll(/[&%$#_{}]/g, String.raw`\$&`)
    .replaceAll("−", "$-$")
    .replaceAll("<", "$<$")
    .replaceAll(/[~^]/g, " ");
}

/**
 * @param {string} text
 * @param {string} what
 */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} copied`);
  } catch {
    // A page from disk may have no clipboard: the text is selected, so that two keys copy it.
    const box = element("textarea", { class: "copy-box", readonly: true, rows: 8, "aria-label": what });
    box.value = text;
    document.querySelector("#view-summary .copy-box")?.remove();
    document.getElementById("view-summary")?.append(box);
    box.focus();
    box.select();
    announce(`${what} selected: copy it with your keys`);
  }
}
