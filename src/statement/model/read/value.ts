import { evaluate } from "../../inputs/bound-expression.ts";
import type { Form, Row, Scalar, Value } from "../input-model.ts";
import { mapScalars } from "../form-names.ts";

/** The value that the words of a stdin input have in a form; undefined when they do not fit. */
export function readValue(form: Form, input: string): Value | undefined {
  const reader = new ValueReader(input.split(/\s+/).filter((word) => word !== ""));
  const value = reader.read(form, new Map());
  return reader.atEnd ? value : undefined;
}

class ValueReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get atEnd(): boolean {
    return this.#at === this.#words.length;
  }

  read(form: Form, known: Map<string, number>): Value | undefined {
    switch (form.kind) {
      case "scalar":
        return this.#scalar(form, known);
      case "literal":
        return this.#take() === form.text ? form.text : undefined;
      case "row":
        return this.#all(form.fields, known);
      case "choice": {
        const option = form.options.findIndex((row) => tagOf(row) === this.#words[this.#at]);
        const value = option < 0 ? undefined : this.read(form.options[option] ?? form, known);
        return value === undefined ? undefined : [option, value];
      }
      case "list": {
        const count = form.count === undefined ? undefined : evaluate(form.count, known);
        if (count === undefined || count < 0 || count > this.#words.length) return undefined;
        const scoped = Array.from({ length: count }, () => form.of);
        return this.#all(scoped, known, form.scope === true);
      }
    }
  }

  #scalar({ name, type }: Scalar, known: Map<string, number>): Value | undefined {
    const word = this.#take();
    if (word === undefined) return undefined;
    if (/^-?\d+$/.test(word)) known.set(name, Number(word));
    if (type === "word") return word;
    if (type === "integer" && !/^-?\d+$/.test(word)) return undefined;
    const number = Number(word);
    return Number.isFinite(number) ? number : undefined;
  }

  #all(forms: readonly Form[], known: Map<string, number>, scoped = false): Value | undefined {
    const values: Value[] = [];
    for (const form of forms) {
      const value = this.read(form, scoped ? new Map(known) : known);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #take(): string | undefined {
    const word = this.#words[this.#at];
    this.#at++;
    return word;
  }
}

function tagOf(row: Row): string | undefined {
  const [tag] = row.fields;
  return tag?.kind === "row" ? tagOf(tag) : tag?.kind === "literal" ? tag.text : undefined;
}

/**
 * The form with the types that the examples show: integers where all words are, else decimals, else words. A name in
 * `words` is a word whatever its digits.
 */
export function typedForm(form: Form, inputs: readonly string[], words: ReadonlySet<string>): Form {
  const asWords = mapScalars(form, (scalar) => ({ ...scalar, type: "word" }));
  const seen = new Map<string, string[]>();
  for (const input of inputs) {
    const value = readValue(asWords, input);
    if (value !== undefined) collect(asWords, value, seen);
  }
  return mapScalars(form, (scalar) => {
    const texts = seen.get(scalar.name) ?? [];
    const stated = scalar.length !== undefined || words.has(scalar.name);
    return {
      ...scalar,
      type: stated || (texts.length === 0 && scalar.type === "word") ? "word" : typeOf(texts),
    };
  });
}

function typeOf(texts: readonly string[]): Scalar["type"] {
  // A number with leading zeros is a word of digits.
  if (texts.every((text) => /^(?:0|-?[1-9]\d*)$/.test(text))) return "integer";
  return texts.every((text) => /^-?\d+\.\d+$/.test(text)) ? "real" : "word";
}

function collect(form: Form, value: Value, seen: Map<string, string[]>): void {
  const items = Array.isArray(value) ? (value as readonly Value[]) : [];
  switch (form.kind) {
    case "scalar":
      seen.set(form.name, [...(seen.get(form.name) ?? []), String(value)]);
      return;
    case "list":
      for (const item of items) collect(form.of, item, seen);
      return;
    case "row":
      form.fields.forEach((field, i) => collect(field, items[i] ?? null, seen));
      return;
    case "choice": {
      const option = form.options[Number(items[0])];
      if (option !== undefined) collect(option, items[1] ?? null, seen);
      return;
    }
    case "literal":
  }
}

/** The text of a value as a stdin input. */
export function renderValue(form: Form, value: Value): string {
  const items = isList(value) ? value : [];
  switch (form.kind) {
    case "scalar":
      return scalarText(value);
    case "literal":
      return form.text;
    case "list":
      return items.map((item) => renderValue(form.of, item)).join(form.separator);
    case "row": {
      // Rows and lists of no elements take no line of their own; a list that stands on a line leaves it empty.
      const parts = form.fields.flatMap((field, i) =>
        form.separator === "\n" && isEmptyRows(field, items[i]) ? [] : [renderValue(field, items[i] ?? null)],
      );
      return parts.join(form.separator);
    }
    case "choice": {
      const option = form.options[Number(items[0])];
      return option === undefined ? "" : renderValue(option, items[1] ?? null);
    }
  }
}

function isEmptyRows(form: Form, value: Value | undefined): boolean {
  return form.kind === "list" && form.separator === "\n" && isList(value) && value.length === 0;
}

/** Doubles beyond 2^53 are whole numbers and are written out as such. */
function scalarText(value: Value): string {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}
