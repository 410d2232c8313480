import type { Pool } from "../../core/evidence.ts";
import { type Criterion, selectorBy } from "../criterion.ts";
import { examplesPassed } from "./examples.ts";
import { scaleAnswered } from "./scale.ts";

/** The least share of a group that must answer an input; where fewer do the input is not legal, or too hard to help. */
const LEAST_ANSWERED = 0.5;
/** Rounds of the fixed point; it moves by less than a thousandth after five on groups of up to a hundred. */
const ROUNDS = 10;

/**
 * How right each program is by the votes of its group, in [0, 1]: a program counts as much as the answers it gives are
 * shared, and an answer as much as those who give it (Dawid and Skene's model of observers, 1979, with one
 * reliability a program). Programs vote input by input, so that one odd answer costs a program that answer and not its
 * whole vote. `answers` has a row a program, a hash or null for each input; `weights` says how much a program counts,
 * default 1 each.
 */
export function reliabilities(
  answers: readonly (readonly (string | null)[])[],
  weights: readonly number[] = answers.map(() => 1),
): number[] {
  const inputs = legalInputs(answers, weights);
  let reliable = answers.map(() => 1);
  for (let round = 0; round < ROUNDS && inputs.length > 0; round++) {
    const sums = answers.map(() => 0);
    for (const input of inputs) {
      const shares = sharesOf(
        answers,
        input,
        reliable.map((value, i) => value * (weights[i] ?? 0)),
      );
      answers.forEach((row, i) => {
        const answer = row[input] ?? null;
        if (answer !== null) sums[i] = (sums[i] ?? 0) + (shares.get(answer) ?? 0);
      });
    }
    reliable = sums.map((sum) => sum / inputs.length);
  }
  return reliable;
}

/** Inputs that at least half of the programs answer. */
function legalInputs(answers: readonly (readonly (string | null)[])[], weights: readonly number[]): number[] {
  const count = Math.max(0, ...answers.map((row) => row.length));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: count }, (_, input) => input).filter((input) => {
    const given = answers.reduce(
      (sum, row, i) => sum + ((row[input] ?? null) === null ? 0 : (weights[i] ?? 0)),
      0,
    );
    // Thirds do not add up to one.
    return given >= LEAST_ANSWERED * all - 1e-9;
  });
}

/** The share of the votes that each answer to an input has; silent programs vote for nothing. */
function sharesOf(
  answers: readonly (readonly (string | null)[])[],
  input: number,
  weights: readonly number[],
): ReadonlyMap<string, number> {
  const votes = new Map<string, number>();
  let all = 0;
  answers.forEach((row, i) => {
    const weight = weights[i] ?? 0;
    all += weight;
    const answer = row[input] ?? null;
    if (answer !== null) votes.set(answer, (votes.get(answer) ?? 0) + weight);
  });
  return new Map([...votes].map(([answer, weight]) => [answer, all === 0 ? 0 : weight / all]));
}

/** Votes on further inputs, input by input. Rounded, so that programs that answer alike tie. */
export const inputVotes: Criterion = { name: "votes", needs: ["agreement"], values: votesOf };

function votesOf(pool: Pool, group: readonly number[]): number[] | undefined {
  const rows = group.flatMap((index) => {
    const answers = pool[index]?.probeAnswers;
    return answers === undefined ? [] : [answers];
  });
  if (rows.length < group.length) return undefined;
  return reliabilities(rows, onceEach(pool, group)).map((value) => Math.round(value * 1e9) / 1e9);
}

/** A program that was sampled several times is one voter: its mistakes are the same each time. */
export function onceEach(pool: Pool, group: readonly number[]): number[] {
  const codes = group.map((index) => pool[index]?.code);
  return codes.map((code) => 1 / codes.filter((other) => other === code).length);
}

/** Among those that pass most examples, votes; large inputs break the ties that they leave. */
export const examplesThenVotesThenScale = selectorBy(
  "examples+votes+scale",
  "examples, then votes, then large inputs",
  [examplesPassed, inputVotes, scaleAnswered],
);

/** Among those that pass most examples, the one whose answers to further inputs are shared most. */
export const examplesThenVotes = selectorBy("examples+votes", "examples, then votes on further inputs", [
  examplesPassed,
  inputVotes,
]);
