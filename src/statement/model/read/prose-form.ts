import type { Form, Scalar } from "../input-model.ts";
import { withoutMarkup } from "./mathematics.ts";
import { inputSection } from "./statement-parts.ts";

/** A sentence of the input section that describes lines. */
interface LineSentence {
  readonly text: string;
  /** The number of lines, an expression; undefined: a single one. */
  readonly count: string | undefined;
  /** It stands in the description of a test case. */
  readonly inCase: boolean;
}

const ORDINAL = "first|second|third|fourth|fifth|sixth|next|following|only|single|last|other|then|final";
const SINGLE = new RegExp(
  String.raw`\b(?:the )?(?:${ORDINAL})(?: and (?:the )?only)?(?: input)? line\b(?! of the next)`,
  "i",
);
const REPEATED: readonly RegExp[] = [
  /\b(?:each|every) of the (?:next|following|last|remaining|other|subsequent) (?<count>[\w+*\- ]{1,12}?) lines\b/i,
  /\bthe \w+-th (?:line )?of (?:the )?(?:next|following|last|remaining) (?<count>[\w+*\- ]{1,12}?) lines\b/i,
  /\b(?:the |then )?(?:next|following|last|remaining) (?<count>[\w+*\- ]{1,12}?) lines\b/i,
  /\b(?:then|there)(?: are| follow)? (?<count>[\w+*\- ]{1,12}?) lines\b/i,
  /^(?<count>[A-Za-z]|\w-1) lines follow\b/i,
];

/**
 * The form that a statement tells in sentences (`The first line holds n and m. Each of the next m lines holds ...`),
 * of test cases too. undefined where a sentence about lines was not understood.
 */
export function proseForm(statement: string): Form | undefined {
  const section = inputSection(statement);
  if (section === undefined) return undefined;
  const sentences = lineSentences(withoutMarkup(section));
  if (sentences.length === 0) return undefined;
  const known: string[] = [];
  const outer = formsOf(
    sentences.filter(({ inCase }) => !inCase),
    known,
  );
  const cases = sentences.filter(({ inCase }) => inCase);
  if (outer === undefined) return undefined;
  if (cases.length === 0) return { kind: "row", fields: outer, separator: "\n" };
  const [head] = outer;
  const count = head?.kind === "scalar" ? head.name : undefined;
  const inner = formsOf(cases, known);
  if (outer.length !== 1 || count === undefined || inner === undefined) return undefined;
  const block: Form = { kind: "row", fields: inner, separator: "\n" };
  return {
    kind: "row",
    fields: [...outer, { kind: "list", name: "", count, of: block, separator: "\n", scope: true }],
    separator: "\n",
  };
}

function lineSentences(section: string): LineSentence[] {
  const found: LineSentence[] = [];
  let inCase = false;
  for (const raw of section.split(/\n+|(?<=[^.]\.)\s+(?=[A-Z])/)) {
    const text = raw.trim();
    if (
      /\b(?:of each|each|every|one) (?:test(?: ?case)?|data ?set)\b|\bof (?:a|the) test case\b|^test case/i.test(
        text,
      )
    )
      inCase = true;
    const repeated = REPEATED.map((pattern) => pattern.exec(text)).find((match) => match !== null);
    const single =
      SINGLE.exec(text) ??
      /\beach test case (?:contains|is|consists of|has) (?:an?|one|two|three) (?:single )?(?:integers?|strings?)/i.exec(
        text,
      );
    if (repeated?.groups !== undefined && !(single && single.index < repeated.index)) {
      const count = countOf(repeated.groups["count"] ?? "");
      // `Then m lines follow.` and the next sentence says what they hold.
      found.push({ text: text.slice(repeated.index + repeated[0].length), count, inCase });
    } else if (single) {
      const rest = text.slice(single.index + single[0].length);
      found.push({
        text:
          /lines? (?:follow|contain|describ)/i.test(rest) && /^ of each test case/i.test(rest) ? rest : rest,
        count: undefined,
        inCase,
      });
    } else {
      const last = found.at(-1);
      // `Each line contains two integers u and v`: what the lines just counted hold.
      if (
        last !== undefined &&
        last.count !== undefined &&
        /\beach (?:of (?:them|these|these lines)|line)\b/i.test(text)
      )
        found[found.length - 1] = { ...last, text };
      else if (last !== undefined) found[found.length - 1] = { ...last, text: `${last.text} ${text}` };
    }
  }
  return found;
}

function countOf(text: string): string {
  const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const at = words.indexOf(text.trim().toLowerCase());
  return at < 0 ? text.replace(/[$\s]/g, "") : String(at);
}

function formsOf(sentences: readonly LineSentence[], known: string[]): Form[] | undefined {
  const forms: Form[] = [];
  for (const { text, count } of sentences) {
    const line = lineItems(text, known, count !== undefined);
    if (line === undefined) return undefined;
    if (count === undefined) {
      known.push(...line.flatMap((item) => (item.kind === "scalar" ? [item.name] : [])));
      forms.push(rowOf(line));
    } else {
      forms.push({ kind: "list", name: "", count, of: rowOf(line), separator: "\n" });
    }
  }
  return forms;
}

function rowOf(items: readonly Form[]): Form {
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { kind: "row", fields: items, separator: " " };
}

const NOUNS = String.raw`(?:integers?|numbers?|values?|elements?|digits?|bits?|heights?|weights?|sizes?|colou?rs?|costs?|prices?|strings?|words?)`;

/** What one line holds: a list, a word, or names. */
function lineItems(sentence: string, known: readonly string[], repeated: boolean): Form[] | undefined {
  const text = withoutRemarks(sentence.replace(/[$`]/g, " "));
  const index = repeated ? "[]" : "";
  const sequence =
    /([A-Za-z]\w*?)(?:\s*_\s*\{?(?:[ij],\s*)?[01]\}?|\[1\]|1(?=,))[\s,]*(?:[A-Za-z]\w*?(?:\s*_\s*\{?(?:[ij],\s*)?2\}?|\[2\]|2)[\s,]*)?…[\s,]*(?:and )?\1\s*(?:_\s*(?:\{(?:[ij],\s*)?([^{},]+)\}|(\w+))|\[(\w+)\]|([a-z]))/.exec(
      text,
    );
  if (sequence) {
    const name = sequence[1] ?? "";
    const size = (sequence[2] ?? sequence[3] ?? sequence[4] ?? sequence[5] ?? "").replace(/\s/g, "");
    // What stands before the list on its line: `k, followed by k integers`.
    const before = namesBefore(text.slice(0, sequence.index), known, size);
    const list: Form = {
      kind: "list",
      name: `${name}${index}`,
      count: repeated && before.includes(size) ? `${size}[]` : size,
      of: scalar(`${name}${index}[]`, "integer"),
      separator: " ",
    };
    return [...before.map((each) => scalar(`${each}${index}`, "integer")), list];
  }
  const counted = new RegExp(
    String.raw`\b(?:holds?|contains?|consists? of|has|gives?|with|is|are)?\s*(?:the )?\b([A-Za-z])\b (?:(?:space[- ]separated|different|distinct|positive|non-negative|binary|further) )*${NOUNS}\b(?:[^,.;]*?\b([A-Za-z])\s*_\s*\{?[ij]\}?)?`,
  ).exec(text);
  const size = counted?.[1];
  if (counted && size !== undefined && known.includes(size)) {
    const noun = new RegExp(NOUNS).exec(counted[0])?.[0] ?? "values";
    const name = counted[2] ?? noun;
    return [
      {
        kind: "list",
        name: `${name}${index}`,
        count: size,
        of: scalar(`${name}${index}[]`, "integer"),
        separator: " ",
      },
    ];
  }
  const word =
    /\b(?:strings?|words?|texts?|sequence of (?:characters|letters))\b/i.test(text) ||
    /\b\w+ characters\b/.test(text);
  const names = namesIn(text);
  if (word && !/\bintegers?\b|\bnumbers?\b/.test(text)) {
    const own = names.filter(
      (name) =>
        !known.includes(name) &&
        !new RegExp(String.raw`\b${name} characters\b|length (?:of )?${name}\b`).test(text),
    );
    const first = /\bstrings? ((?:[A-Za-z](?:_[ij])?)(?:(?:,| and) [A-Za-z])*)/.exec(text)?.[1];
    const listed = first === undefined ? own : namesIn(first);
    const wanted = /\btwo\b/.test(text) ? 2 : 1;
    const found = listed.slice(0, wanted);
    return (found.length === 0 ? ["text"] : found).map((name) => scalar(`${name}${index}`, "word"));
  }
  return names.length === 0 ? undefined : names.map((name) => scalar(`${name}${index}`, "integer"));
}

function namesBefore(text: string, known: readonly string[], size: string): string[] {
  return /followed by|and then|, then/i.test(text) && !known.includes(size)
    ? namesIn(text).filter((name) => name === size)
    : [];
}

function scalar(name: string, type: Scalar["type"]): Scalar {
  return { kind: "scalar", name, type };
}

/** Brackets hold bounds; what follows a dash explains. */
function withoutRemarks(text: string): string {
  let plain = text;
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replace(/\([^()]*\)/g, " ");
  }
  return plain.replace(/\s(?:-|—)\s[^]*$/, " ");
}

/** Names in a sentence: single letters that are no article, with their index off. */
function namesIn(text: string): string[] {
  const plain = text
    .replace(/\s*_\s*\{?[ijk]\}?/g, "")
    .replace(/\[[ijk]\]/g, "")
    .replace(/\b([a-z])i\b/g, "$1");
  const names = [...plain.matchAll(/(?<![\w'-])([A-Za-z](?:_\w)?)(?![\w'-])/g)].flatMap(
    ([, name = ""], i) => {
      if (name !== "a" && name !== "A") return [name];
      // `a` among names, not the article.
      return new RegExp(
        String.raw`(?:integers?|numbers?|,|and|^)\s+a(?:\s*,|\s+(?:and|,)|\s*$|\s*\.)|\ba\s+b\b`,
      ).test(plain) ||
        (name === "A" && i >= 0 && !/\bA [a-z]{2,}/.test(plain))
        ? [name]
        : [];
    },
  );
  return [...new Set(names)];
}
