import type { seededRandom } from "../../src/core/seeded-random.ts";
import type { ScoredStep } from "../../src/core/step-rewards.ts";

export type Random = ReturnType<typeof seededRandom>;

const NOUNS = "barge crate ledger lamp orchard parcel quarry river signal tower vessel wagon".split(" ");
const VERBS = "balance count fold gather merge order pair prune shift sort split weigh".split(" ");

/** Bodies of helper functions; `X` becomes a noun, `K` a number. */
const BODIES: readonly string[] = [
  "    best = 0\n    for index, value in enumerate(Xs):\n        if value > best and index % K != 0:\n            best = value\n    return best\n",
  "    seen = set()\n    total = 0\n    for X in Xs:\n        if X in seen:\n            continue\n        seen.add(X)\n        total += X * K  # each X once\n    return total\n",
  "    low, high = 0, len(Xs)\n    while low < high:\n        middle = (low + high) // 2\n        if Xs[middle] < K:\n            low = middle + 1\n        else:\n            high = middle\n    return low\n",
  "    prefix = [0]\n    for X in Xs:\n        prefix.append((prefix[-1] + X) % K)\n    return prefix\n",
  "    stack = []\n    for X in Xs:\n        while stack and stack[-1] <= X:\n            stack.pop()\n        stack.append(X)\n    return len(stack) + K\n",
  "    table = [[0] * (K + 1) for _ in range(len(Xs) + 1)]\n    for row in range(1, len(Xs) + 1):\n        for column in range(K + 1):\n            table[row][column] = max(table[row - 1][column], table[row - 1][column - 1] + Xs[row - 1])\n    return table[-1][-1]\n",
];

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** Roughly normal, from twelve uniform numbers. */
export function gaussian(random: Random, mean: number, deviation: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.below(1_000_000) / 1_000_000;
  return mean + deviation * sum;
}

export interface SyntheticProgram {
  readonly code: string;
  readonly steps: readonly ScoredStep[];
}

/** A Chain-of-Function program of two to seven functions, with rewards around `level`. */
export function syntheticProgram(random: Random, level: number): SyntheticProgram {
  const noun = pick(random, NOUNS);
  const helpers = Array.from({ length: 1 + random.below(6) }, (_, i) => {
    const name = `${pick(random, VERBS)}_${pick(random, NOUNS)}s_${i}`;
    const body = pick(random, BODIES)
      .replaceAll("X", noun)
      .replaceAll("K", String(2 + random.below(90)));
    return {
      name,
      text: `def ${name}(${noun}s: list[int]) -> int:\n    """${pick(random, VERBS)} the ${noun}s that are left, so that none is looked at twice: O(n log n)."""\n${body}`,
    };
  });
  const calls = helpers.map(({ name }) => `    answer += ${name}(${noun}s)\n`).join("");
  const main = `import sys\n\n\ndef main() -> None:\n    """Read the ${noun}s, then ${pick(random, VERBS)} them step by step and print the sum."""\n    count, *${noun}s = map(int, sys.stdin.read().split())\n    answer = count\n${calls}    print(answer % 998244353)\n`;
  const texts = [main, ...helpers.map(({ text }) => `\n\n${text}`)];
  texts[texts.length - 1] += '\n\nif __name__ == "__main__":\n    main()\n';
  const names = ["main", ...helpers.map(({ name }) => name)];
  let start = 0;
  let startLine = 1;
  const steps = texts.map((text, index): ScoredStep => {
    const lines = text.split("\n").length - 1;
    const step: ScoredStep = {
      index,
      kind: "function",
      name: names[index] ?? null,
      startLine,
      endLine: startLine + lines - 1,
      start,
      end: start + text.length,
      complete: true,
      reward: Math.min(0.99, Math.max(0.01, gaussian(random, level, 0.12))),
    };
    start += text.length;
    startLine += lines;
    return step;
  });
  return { code: texts.join(""), steps };
}

/** A statement in the form of a contest problem, about 1 to 3 KB. */
export function syntheticStatement(random: Random): { title: string; statement: string } {
  const [a, b] = [pick(random, NOUNS), pick(random, NOUNS)];
  const verb = pick(random, VERBS);
  const sentences = Array.from(
    { length: 6 + random.below(14) },
    () =>
      `Each ${pick(random, NOUNS)} may ${pick(random, VERBS)} at most ${2 + random.below(9)} of the ${pick(random, NOUNS)}s beside it, but never the one that it came from.`,
  );
  const third = Math.ceil(sentences.length / 3);
  const paragraphs = [0, 1, 2].map((i) => sentences.slice(i * third, (i + 1) * third).join(" "));
  const statement = `There are \`n\` ${a}s in a row, and the ${b} of the town wants to **${verb}** them. ${paragraphs.join("\n\n")}\n\n## Input\n\nThe first line holds n (1 ≤ n ≤ 200000), the second one n integers (−10⁹ ≤ aᵢ ≤ 10⁹).\n\n## Output\n\nPrint one integer: the answer modulo 998244353.\n\n### Sample\n\n\`\`\`\n4\n3 1 ${random.below(90)} 1\n\`\`\`\n\ngives\n\n\`\`\`\n${random.below(900)}\n\`\`\`\n`;
  return { title: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} the ${a}s`, statement };
}
