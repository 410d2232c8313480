/**
 * Offset just after the bracket that closes the one at `open`, or undefined when none does. Brackets in strings and
 * comments do not count. The bracket kinds are not matched against each other: text that mixes them parses nowhere.
 */
export function closingBracket(text: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === '"' || char === "'") {
      const end = stringEnd(text, i);
      if (end === undefined) return undefined;
      i = end - 1;
    } else if (char === "#") {
      const lineEnd = text.indexOf("\n", i);
      if (lineEnd < 0) return undefined;
      i = lineEnd;
    } else if ("([{".includes(char)) {
      depth++;
    } else if (")]}".includes(char)) {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}

/** Offset just after the plain string that starts at `at`; undefined when the line ends first. */
function stringEnd(text: string, at: number): number | undefined {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === "\n") return undefined;
  }
  return undefined;
}

/** The text with every string's content blanked and comments cut: what is left are names, operators and brackets. */
export function withoutStrings(source: string): string {
  let bare = "";
  for (let i = 0; i < source.length; i++) {
    const char = source[i] ?? "";
    if (char === '"' || char === "'") {
      const end = stringEnd(source, i) ?? source.length;
      bare += `${char}${char}`;
      i = end - 1;
    } else if (char === "#") {
      const lineEnd = source.indexOf("\n", i);
      i = (lineEnd < 0 ? source.length : lineEnd) - 1;
    } else {
      bare += char;
    }
  }
  return bare;
}

/** Python's own names that an assertion may use without bringing anything along. */
const BUILTINS: ReadonlySet<string> = new Set(
  (
    "None True False and or not in is for if else lambda abs all any bin bool dict divmod enumerate filter float " +
    "frozenset hex int isinstance len list map max min ord pow range repr reversed round set sorted str sum tuple " +
    "type zip"
  ).split(" "),
);

/** Modules that assertions use and that can be imported for them. */
const MODULES: readonly string[] = ["math", "cmath", "re", "collections", "itertools"];

export interface NamesOfExpression {
  /** Modules it uses as `math.isclose`. */
  readonly modules: readonly string[];
  /** Names that are neither builtins nor those modules nor attributes nor keyword arguments. */
  readonly unknown: readonly string[];
}

/** Which names an expression needs from outside. Comprehension and lambda variables count as unknown: be strict. */
export function namesOf(expression: string): NamesOfExpression {
  const modules = new Set<string>();
  const unknown = new Set<string>();
  const bare = withoutStrings(expression).replace(/\b\d[\w.]*(?:e[+-]?\d+)?/g, "0");
  for (const match of bare.matchAll(/(\.\s*)?\b([A-Za-z_]\w*)\b(\s*=(?!=))?(?=(\s*\.)?)/g)) {
    const [, attribute, name = "", keyword, member] = match;
    if (attribute !== undefined || keyword !== undefined || BUILTINS.has(name)) continue;
    if (member !== undefined && MODULES.includes(name)) modules.add(name);
    else unknown.add(name);
  }
  return { modules: [...modules], unknown: [...unknown] };
}
