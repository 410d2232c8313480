import type { Form, Scalar } from "./input-model.ts";
import { baseOf, listsOf, scalarsOf } from "./form-names.ts";

/** Finds the names of a form in sentences about it. */
export class RuleNames {
  readonly #scalars: readonly Scalar[];
  readonly #byBase: ReadonlyMap<string, Scalar>;
  readonly #lists: ReadonlySet<string>;
  readonly #freeLists: readonly string[];
  readonly #rows: ReadonlyMap<string, readonly Scalar[]>;

  constructor(form: Form) {
    this.#scalars = scalarsOf(form);
    const byBase = new Map<string, Scalar>();
    // `page` in the bounds is an element of `pages`.
    for (const scalar of this.#scalars)
      if (scalar.name.endsWith("[]")) byBase.set(baseOf(scalar.name).replace(/(?<=\w{3})s$/, ""), scalar);
    for (const scalar of this.#scalars) byBase.set(baseOf(scalar.name), scalar);
    this.#byBase = byBase;
    this.#freeLists =
      form.kind === "row"
        ? form.fields.flatMap((field) =>
            field.kind === "list" && field.count === undefined ? [field.name] : [],
          )
        : [];
    this.#rows = new Map(
      listsOf(form).flatMap(({ name, of }) =>
        name !== "" && of.kind === "row" ? [[name, scalarsOf(of)] as const] : [],
      ),
    );
    this.#lists = new Set(listsOf(form).map(({ name }) => name));
  }

  get words(): readonly Scalar[] {
    return this.#scalars.filter(({ type }) => type === "word");
  }

  get all(): readonly Scalar[] {
    return this.#scalars;
  }

  /** The scalar that a name with or without indices means. */
  scalar(name: string): Scalar | undefined {
    const base = name.replace(/\[[^\]]*\]|\.length/g, "");
    return this.#byBase.get(base) ?? this.#byBase.get(base.replace(/s$/, "")) ?? this.#byBase.get(`${base}s`);
  }

  /** Lists whose lengths no other name gives. */
  get freeLists(): readonly string[] {
    return this.#freeLists;
  }

  /** The columns of a list of rows that the text names: `positions` of `positions[i] = [x_i, y_i]`. */
  rowsIn(text: string): readonly Scalar[] {
    return [...this.#rows].find(([name]) => new RegExp(String.raw`\b${name}\b`).test(text))?.[1] ?? [];
  }

  isList(name: string): boolean {
    return this.#lists.has(name);
  }

  /** The scalars that a piece of a sentence names, in its order, each once. */
  in(text: string): Scalar[] {
    const found = new Map<string, Scalar>();
    for (const [token] of text.matchAll(/(?<![\w\\'-])[A-Za-z][\w']*(?:\[[^\]\s]*\])*(?![\w'-])/g)) {
      const base = token.replace(/\[[^\]]*\]/g, "");
      const scalar = this.#byBase.get(base);
      // `a` is mostly an article.
      if (
        scalar !== undefined &&
        (token !== "a" || /\ba(?:,| and\b| is\b)/.test(text) || text.trim() === "a")
      )
        found.set(scalar.name, scalar);
    }
    return [...found.values()];
  }

  /**
   * Chains say `u` where the form has rows of `u[]`, and `S[][]` for a letter; a length of `S` is `S.length`. An
   * expression with its names as the form has them.
   */
  expression(text: string): string {
    return text.replace(/[A-Za-z][\w']*(?:\[\])*(?:\.length)?(?!\w)/g, (token) => {
      const length = token.endsWith(".length");
      const bare = token.replace(/\.length$/, "");
      if (this.#lists.has(bare) && length) return token;
      const scalar = this.#byBase.get(baseOf(bare));
      if (scalar === undefined) {
        // `HW` is a product.
        const factors = [...bare];
        const isProduct = /^[A-Z]{2,3}$/.test(bare) && factors.every((each) => this.#byBase.has(each));
        return isProduct ? `(${factors.join("*")})` : token;
      }
      if (length) return `${scalar.name}.length`;
      return bare === baseOf(bare) && !this.#lists.has(bare) ? scalar.name : token;
    });
  }
}
