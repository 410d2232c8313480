/** Values of names such as `N`, `nums.length`; a name that is not there makes an expression unknown. */
export type Environment = ReadonlyMap<string, number>;

/**
 * Mathematics as statements write it, with names as keys of an environment: LaTeX and signs become plain, an index
 * becomes `[]` (`A_i`, `A_{i}`, `nums[i]` are `A[]`, `nums[]`; `S_{i,j}` is `S[][]`).
 */
export function plainMathematics(text: string): string {
  return text
    .replace(/\\(?:leq?(?:slant)?|le)\b|≤|&lt;=/g, "<=")
    .replace(/\\lt\b|&lt;/g, "<")
    .replace(/\\(?:cdot|times)\b|×|·/g, "*")
    .replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, "(($1)/($2))")
    .replace(/\\(?:left|right|,|;|!|color\{\w+\})|\\(?= )/g, "")
    .replace(/\s*_\s*(?:\{\s*)?(?:[ijkl]|\d+)(?:\s*,\s*(?:[ijkl]|\d+))(?:\s*\})/g, "[][]")
    .replace(/\s*_\s*(?:\{\s*(?:[ijkl]|\d+)\s*\}|(?:[ijkl]|\d+)(?!\w))/g, "[]")
    .replace(/\[\w+\]/g, "[]")
    .replace(/\|([A-Za-z]\w*)\|/g, "$1.length")
    .replace(/[$\\`]/g, "")
    .replace(/[{]/g, "(")
    .replace(/[}]/g, ")");
}

/** Names in expressions: `N`, `S_x`, `nums.length`, `grid[].length`, `A[]`. */
const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z]\w*(?:\[\])*(?:\.length)?(?:\[\])*)|(?<sign>\*\*|[-+*/^(),]))/y;

/** The value in an environment; NaN where something is unknown. */
type Compiled = (environment: Environment) => number;

/** Expressions that were read, since large inputs ask for the same ones an element; a page of statements has hundreds. */
const compiled = new Map<string, Compiled | undefined>();
const MOST_COMPILED = 10_000;

/**
 * The value of an expression in plain mathematics: `2 * 10^5`, `10N - 9`, `N(N-1)/2`, `min(N, 100)`. undefined for a
 * name without a value and for anything that is no such expression.
 */
export function evaluate(text: string, environment: Environment): number | undefined {
  let expression = compiled.get(text);
  if (expression === undefined && !compiled.has(text)) {
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    expression = compile(text);
    compiled.set(text, expression);
  }
  const value = expression?.(environment);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function compile(text: string): Compiled | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader = new ExpressionReader(tokens);
  const expression = reader.sum();
  return reader.atEnd ? expression : undefined;
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const source = text.trimEnd();
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) return undefined;
    tokens.push(match[0].trim());
  }
  return tokens;
}

const UNKNOWN: Compiled = () => Number.NaN;

/** Recursive descent. */
class ExpressionReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): Compiled {
    let value = this.#product();
    for (let sign = this.#take("+", "-"); sign !== undefined; sign = this.#take("+", "-")) {
      const [left, right] = [value, this.#product()];
      value = sign === "+" ? (names) => left(names) + right(names) : (names) => left(names) - right(names);
    }
    return value;
  }

  #product(): Compiled {
    let value = this.#power();
    for (;;) {
      const sign = this.#take("*", "/");
      // `10N`, `N(N-1)`: what follows without a sign is a factor.
      if (sign === undefined && !/^[\w(]/.test(this.#tokens[this.#at] ?? "")) return value;
      const [left, right] = [value, this.#power()];
      value = sign === "/" ? (names) => left(names) / right(names) : (names) => left(names) * right(names);
    }
  }

  #power(): Compiled {
    if (this.#take("-") !== undefined) {
      const positive = this.#power();
      return (names) => -positive(names);
    }
    const base = this.#atom();
    if (this.#take("^", "**") === undefined) return base;
    const exponent = this.#power();
    return (names) => base(names) ** exponent(names);
  }

  #atom(): Compiled {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") return this.#list()[0] ?? UNKNOWN;
    if (/^\d/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    const isCall = (token === "min" || token === "max") && this.#take("(") !== undefined;
    if (isCall) {
      const values = this.#list();
      const pick = token === "min" ? Math.min : Math.max;
      return (names) => pick(...values.map((value) => value(names)));
    }
    return (names) => names.get(token) ?? Number.NaN;
  }

  #list(): Compiled[] {
    const values = [this.sum()];
    while (this.#take(",") !== undefined) values.push(this.sum());
    return this.#take(")") === undefined ? [UNKNOWN] : values;
  }

  #take(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !signs.includes(token)) return undefined;
    this.#at++;
    return token;
  }
}
