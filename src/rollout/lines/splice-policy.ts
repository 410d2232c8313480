import { createHash } from "node:crypto";
import type { Rollout, RolloutPolicy } from "../policy.ts";
import type { LinePrefix, LineProgram } from "./line-program.ts";
import { spliced } from "./splice.ts";

/** It needs no waiting. */
interface SplicePolicy extends RolloutPolicy<LinePrefix> {
  rollouts(...args: Parameters<RolloutPolicy<LinePrefix>["rollouts"]>): Iterable<Rollout<LinePrefix>>;
}

/**
 * The pool as policy for lines: a prefix goes on as other programs of its problem do behind its last line. Which of them
 * come first depends on seed, prefix and program alone. The prefix's own program is left out, equal completions too.
 */
export function splicePolicy(pool: ReadonlyMap<string, readonly LineProgram[]>, seed: number): SplicePolicy {
  return {
    by: { policy: "pool", continuation: "lines", seed },
    *rollouts(prefixes, count) {
      for (const { prefix } of prefixes) {
        const { program, step, sha256 } = prefix;
        const line = program.ofCode.indexOf(step);
        const seen = new Set([program.code]);
        let index = 0;
        for (const donor of inOrder(pool.get(prefix.problemId) ?? [], `${seed} ${sha256}`)) {
          if (index >= count) break;
          if (donor.code === program.code) continue;
          const made = spliced(program, line, donor);
          if (made === undefined || seen.has(made)) continue;
          seen.add(made);
          yield { prefix, index, program: made };
          index += 1;
        }
      }
    },
  };
}

/** In an order that depends on `salt`; a further program takes its place among the others and moves none. */
function inOrder(programs: readonly LineProgram[], salt: string): LineProgram[] {
  return programs
    .map((program) => ({
      program,
      key: createHash("sha256").update(`${salt} ${program.code}`).digest("hex"),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ program }) => program);
}
