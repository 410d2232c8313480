import { between, type Reader } from "./parts.ts";
import type { Claim } from "../input-model.ts";

export const distinct: Reader = (text, names) => {
  if (!/\b(?:distinct|unique|different|no duplicates?|no repeated)\b/i.test(text)) return [];
  if (
    /\btwo different|different integers between|number of (?:distinct|different)/i.test(text) &&
    !/integers between/.test(text)
  )
    return [];
  const subjects = names.in(
    text
      .replace(/\bfor (?:each|all|every)\b[^]*/i, "")
      .replace(/\b(?:distinct|different) integers? between[^]*/i, ""),
  );
  const rows = names.rowsIn(text);
  if (subjects.length === 0)
    return rows.length > 0 ? [{ kind: "distinct", names: rows.map(({ name }) => name) }] : [];
  const lists = subjects.filter(({ name }) => name.endsWith("[]"));
  if (lists.length === 0)
    return subjects.length > 1 ? [{ kind: "distinct", names: subjects.map(({ name }) => name) }] : [];
  // Lists and plain names together: understood only in part.
  if (
    /^(?:all |the )?(?:of )?(?:the )?(?:pairs? |tuples? |points? |triples? )?\(/i.test(text) ||
    /\bpairs?\b|\bpoints?\b/i.test(text)
  )
    return [{ kind: "distinct", names: lists.map(({ name }) => name) }];
  return lists.map(({ name }) => ({ kind: "distinct", names: [name] }));
};

export const permutation: Reader = (text, names) => {
  const once = /\beach (?:of|integer|number)?\b[^]*\bexactly once\b/i.test(text);
  const word = /\bpermutations? of ([A-Z]{3,}|[a-z]{4,})\.?$/.exec(text);
  if (!once && !/\bpermutation/i.test(text)) return [];
  const subjects = names.in(text.split(/\bpermutations? of\b|contains? each/i)[0] ?? "");
  if (word)
    return subjects
      .filter(({ type }) => type === "word")
      .flatMap(({ name }): Claim[] => [
        { kind: "letters", name, letters: word[1] ?? "" },
        ...[...(word[1] ?? "")].map((letter): Claim => ({ kind: "holds", name, letter, least: 1, most: 1 })),
        between(`${name}.length`, String(word[1]?.length ?? 0), String(word[1]?.length ?? 0)),
      ]);
  const from = /\(\s*0|\b0,|\[0/.test(text) ? 0 : 1;
  const lists = subjects.filter(({ name, type }) => name.endsWith("[]") && type === "integer");
  return lists.map(({ name }) => ({ kind: "permutation", name, from }));
};

export const sorted: Reader = (text, names) => {
  const match =
    /\b(?:sorted|given|listed)?\s*(?:in )?(?:(strictly) )?(non-?decreasing|non-?increasing|increasing|decreasing|ascending|descending)(?: order)?\b/i.exec(
      text,
    );
  if (!match || !/\b(?:sorted|order|increasing|decreasing)\b/i.test(text)) return [];
  const kind = (match[2] ?? "").toLowerCase().replace("-", "");
  const order = /nondecreasing|^increasing|ascending/.test(kind) ? 1 : -1;
  return names
    .in(text)
    .filter(({ name }) => name.endsWith("[]"))
    .map(({ name }) => ({ kind: "sorted", name, order, strict: match[1] !== undefined }));
};
