import { stringEnd } from "../../formats/text/json-text.ts";
import type { Literal } from "../compare/literal.ts";

/**
 * JSON as Python reads it, as a literal: integers of any size stay exact, 1.0 stays a float, NaN and Infinity are numbers.
 * JSON.parse would round the integers. Throws SyntaxError for anything else.
 */
export function parsePythonJson(text: string): Literal {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const NUMBER = /-?(?:Infinity|\d+(\.\d+)?([eE][+-]?\d+)?)/uy;
const BLANK = /[ \t\r\n]*/uy;
const WORDS = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", { f: "nan" }],
] as const;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Literal {
    this.#match(BLANK);
    const first = this.#text[this.#at];
    if (first === "[") return this.#items("]", () => this.value());
    if (first === "{") return { d: this.#items("}", () => this.#pair()) };
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  end(): void {
    this.#match(BLANK);
    if (this.#at < this.#text.length) throw this.#unexpected();
  }

  #items(close: string, item: () => Literal): Literal[] {
    const items: Literal[] = [];
    this.#at += 1;
    this.#match(BLANK);
    if (this.#take(close)) return items;
    for (;;) {
      items.push(item());
      this.#match(BLANK);
      if (this.#take(close)) return items;
      if (!this.#take(",")) throw this.#unexpected();
    }
  }

  #pair(): Literal {
    this.#match(BLANK);
    const key = this.#string();
    this.#match(BLANK);
    if (!this.#take(":")) throw this.#unexpected();
    return [key, this.value()];
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#unexpected();
    const end = stringEnd(this.#text, this.#at);
    const value: string = JSON.parse(this.#text.slice(this.#at, end));
    this.#at = end;
    return value;
  }

  #number(): Literal {
    const text = this.#match(NUMBER);
    if (text === "") throw this.#unexpected();
    if (text.endsWith("Infinity")) return { f: text.startsWith("-") ? "-inf" : "inf" };
    const value = Number(text);
    if (/[.eE]/u.test(text)) return { f: Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf" };
    if (Number.isSafeInteger(value)) return value;
    const size = BigInt(text);
    return { i: size < 0n ? `-0x${(-size).toString(16)}` : `0x${size.toString(16)}` };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(): SyntaxError {
    return new SyntaxError(
      `expected JSON at offset ${this.#at}, got ${JSON.stringify(this.#text.slice(this.#at, this.#at + 20))}`,
    );
  }
}
