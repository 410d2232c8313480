/** Indexed names of a form by their base: `A` with 1 index, `S` with 2. */
export type Indexed = ReadonlyMap<string, number>;

const SUBSCRIPTED = /(?<![A-Za-z\\])([A-Za-z]+'?)\s*_\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\w))/g;
const BRACKETED = /(?<![A-Za-z\\])([A-Za-z]\w*)((?:\[\s*[^\][,]{1,20}\])+)/g;

/**
 * Text with its mathematics as keys of an environment: an index of a name that the form knows as a list becomes `[]`
 * (`A_i`, `A_{i,j}`, `nums[i]`), a column of fixed rows a name of its own (`queries[i][0]` is `queries_0[]`), a
 * neighbour `[+1]`; any other index stays part of the name (`S_x`).
 */
export function normalText(
  text: string,
  indexed: Indexed,
  columns: ReadonlyMap<string, string> = new Map(),
): string {
  return withoutMarkup(text)
    .replace(SUBSCRIPTED, (whole: string, base: string, braced?: string, bare?: string) => {
      const index = (braced ?? bare ?? "").replace(/[\s{}]/g, "");
      const depth = indexed.get(base) ?? 0;
      if (depth === 0) return `${base}_${index.replace(/\W/g, "")}`;
      const parts = index.split(",");
      return parts.length > depth ? whole : base + parts.map(indexText).join("");
    })
    .replace(BRACKETED, (whole: string, base: string, indices: string) => {
      const depth = indexed.get(base) ?? 0;
      const parts = [...indices.matchAll(/\[\s*([^\][]*?)\s*\]/g)].map(([, index = ""]) => index);
      const column = parts.at(-1) ?? "";
      const named = columns.get(`${base}_${column}`);
      if (/^\d+$/.test(column) && named !== undefined)
        return `${named}${parts.slice(0, -1).map(indexText).join("")}`;
      return depth < parts.length ? whole : base + parts.map(indexText).join("");
    })
    .replace(/\\(?:cdot|times)(?![a-z])|×|·|∗/g, "*")
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*(?:\{([^{}]*)\}|(\d))/g, "(($1)/($2$3))")
    .replace(/\\(?:left|right|,|;|!|color\{\w+\})|\\(?= )/g, "")
    .replace(/\|\s*([A-Za-z][\w']*(?:\[\])*)\s*\|/g, "$1.length")
    .replace(/(?<=[\w)\]])\s*\{\s*([\d+*^-]+)\s*\}/g, "($1)")
    .replace(/\^\s*\{([^{}]*)\}/g, "^($1)")
    .replace(/(\d),(?=000\b)/g, "$1")
    .replace(/[$\\]/g, "")
    .replace(/(?<=\S) {2,}/g, " ");
}

function indexText(index: string): string {
  if (index.startsWith("@")) return `[${index}]`;
  const neighbour = /^[a-z]?\s*([+-])\s*1$/.exec(index);
  if (neighbour) return `[${neighbour[1] ?? ""}1]`;
  return /^[a-z]$/.test(index) || index === "" ? "[]" : `[@${index}]`;
}

/** Markup, entities and rare signs as plain text; LaTeX's text commands are opened. */
export function withoutMarkup(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u00A0\u2009\u202F]/g, " ")
    .replace(/\u200B/g, "")
    .replace(/\\(?:mathrm|text|rm|mathit|texttt|textbf|operatorname|mathtt|tt)\s*\{\s*([^{}]*?)\s*\}/g, "$1")
    .replace(/\\(?:displaystyle|quad|qquad)\b/g, " ")
    .replace(/\\(?:neq|ne)\b|≠|!=/g, " != ")
    .replace(/\\geq?(?:slant)?(?![a-z])|≥|&gt;=/g, ">=")
    .replace(/\\gt\b|&gt;/g, ">")
    .replace(/\\leq?(?:slant)?(?![a-z])|≤|&lt;=/g, "<=")
    .replace(/\\lt\b|&lt;/g, "<")
    .replace(/\\(?:ldots|dotsc|dotsb|dots|cdots|hdots)(?![a-z])|\.\.\.|(?<=\w )\.\.(?= [A-Za-z]\w*_)|⋯/g, "…")
    .replace(/\\(?:ldots|dots|cdots)/g, "… ")
    .replace(/\\vdots/g, "⋮")
    .replace(/\\lbrace\s*/g, "{")
    .replace(/\s*\\rbrace/g, "}")
    .replace(/\\in(?![a-z])/g, " is in ")
    .replace(/\\(max|min)\s*\{([^{}]*)\}/g, "$1($2)")
    .replace(/\\([{}_#&%$|])/g, "$1")
    .replace(/[−–]/g, "-");
}
