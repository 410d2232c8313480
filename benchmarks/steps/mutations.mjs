// Seeded damage to programs: what token limits, tokenizers and careless editing do, and worse.

/** mulberry32: uniform in [0, 1), the same sequence for the same seed. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SPLINTERS = [
  "(", ")", "[", "]", "{", "}", '"', "'", '"""', "'''", ":", ";", ",", "\\", "\\\n", "\n", "\r", "\r\n", "\t", "\f", "\v",
  " ", "    ", "#", "@", "def ", "class ", "async ", "\ndef g(", "\nclass A:\n", "\u0000", "\ufeff", "\u2028", "\u0085",
  "\u00a0", "\u{1f600}", "\ud83d", "\ude00", "f'{", "lambda: ", " if ", " else ", "```", "é",
]; // prettier-ignore

const at = (random, length) => Math.floor(random() * (length + 1));
const pick = (random, list) => list[Math.floor(random() * list.length)];
const without = (code, start, end) => code.slice(0, start) + code.slice(end);

/** Drops one of the characters that `pattern` finds. */
function drop(pattern) {
  return (code, random) => {
    const hits = [...code.matchAll(pattern)];
    if (hits.length === 0) return code;
    const { index, 0: hit } = pick(random, hits);
    return without(code, index, index + hit.length);
  };
}

const swapLines = (code, random) => {
  const lines = code.split("\n");
  const [a, b] = [at(random, lines.length - 1), at(random, lines.length - 1)];
  [lines[a], lines[b]] = [lines[b], lines[a]];
  return lines.join("\n");
};

const editLine = (edit) => (code, random) => {
  const lines = code.split("\n");
  const index = at(random, lines.length - 1);
  lines[index] = edit(lines[index] ?? "", random);
  return lines.join("\n");
};

export const dropBracket = drop(/[()[\]{}]/g);

export const MUTATIONS = {
  truncate: (code, random) => code.slice(0, at(random, code.length)),
  "cut off the beginning": (code, random) => code.slice(at(random, code.length)),
  "delete a span": (code, random) => {
    const start = at(random, code.length);
    return without(code, start, start + at(random, 40));
  },
  insert: (code, random) => {
    const offset = at(random, code.length);
    return code.slice(0, offset) + pick(random, SPLINTERS) + code.slice(offset);
  },
  "drop a bracket": dropBracket,
  "drop a quote": drop(/"""|'''|["']/g),
  "drop a colon": drop(/:/g),
  "drop a line end": drop(/\n/g),
  "swap lines": swapLines,
  "mix tabs": editLine((line, random) =>
    line.replace(/^ +/, (indent) => (random() < 0.5 ? "\t" : `\t${indent.slice(4)}`)),
  ),
  reindent: editLine((line, random) => " ".repeat(at(random, 9)) + line.trimStart()),
  "repeat a span": (code, random) => {
    const start = at(random, code.length);
    return (
      code.slice(0, start) + code.slice(start, start + 200).repeat(1 + at(random, 3)) + code.slice(start)
    );
  },
  "old Mac line ends": (code) => code.replaceAll("\n", "\r"),
};

/** One to four mutations, one after the other. */
export function mutate(code, random) {
  let mutant = code;
  for (let count = 1 + at(random, 3); count > 0; count--) {
    mutant = pick(random, Object.values(MUTATIONS))(mutant, random);
  }
  return mutant;
}
