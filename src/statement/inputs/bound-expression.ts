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

/**
 * The value of an expression in plain mathematics: `2 * 10^5`, `10N - 9`, `N(N-1)/2`, `min(N, 100)`. undefined for a
 * name without a value and for anything that is no such expression.
 */
export function evaluate(text: string, environment: Environment): number | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader = new ExpressionReader(tokens, environment);
  const value = reader.sum();
  return reader.atEnd && Number.isFinite(value) ? value : undefined;
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

/** Recursive descent; NaN stands for what is unknown. */
class ExpressionReader {
  readonly #tokens: readonly string[];
  readonly #environment: Environment;
  #at = 0;

  constructor(tokens: readonly string[], environment: Environment) {
    this.#tokens = tokens;
    this.#environment = environment;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): number {
    let value = this.#product();
    for (let sign = this.#take("+", "-"); sign !== undefined; sign = this.#take("+", "-")) {
      const right = this.#product();
      value = sign === "+" ? value + right : value - right;
    }
    return value;
  }

  #product(): number {
    let value = this.#power();
    for (;;) {
      const sign = this.#take("*", "/");
      // `10N`, `N(N-1)`: what follows without a sign is a factor.
      if (sign === undefined && !/^[\w(]/.test(this.#tokens[this.#at] ?? "")) return value;
      const right = this.#power();
      value = sign === "/" ? value / right : value * right;
    }
  }

  #power(): number {
    if (this.#take("-") !== undefined) return -this.#power();
    const base = this.#atom();
    return this.#take("^", "**") === undefined ? base : base ** this.#power();
  }

  #atom(): number {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") return this.#list()[0] ?? Number.NaN;
    if (/^\d/.test(token)) return Number(token);
    const isCall = (token === "min" || token === "max") && this.#take("(") !== undefined;
    if (isCall) return token === "min" ? Math.min(...this.#list()) : Math.max(...this.#list());
    return this.#environment.get(token) ?? Number.NaN;
  }

  #list(): number[] {
    const values = [this.sum()];
    while (this.#take(",") !== undefined) values.push(this.sum());
    return this.#take(")") === undefined ? [Number.NaN] : values;
  }

  #take(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !signs.includes(token)) return undefined;
    this.#at++;
    return token;
  }
}
