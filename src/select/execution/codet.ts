import { agreementSize } from "./agreement.ts";
import type { Evidence } from "../evidence.ts";
import { examplesPassed } from "./examples.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** Tests passed times the number of programs that agree: CodeT's score of a consensus set (arXiv 2207.10397). */
const consensus: Evidence = {
  name: "codet",
  values: (pool, group) => {
    const passed = examplesPassed.values(pool, group);
    const sizes = agreementSize.values(pool, group);
    return passed && sizes && passed.map((count, position) => count * (sizes[position] ?? 0));
  },
};

/** CodeT with the statement's examples in the place of generated tests, and agreement on probe inputs. */
export const codet: Selector = {
  name: "codet",
  title: "CodeT: examples passed x agreement",
  select: (pool) => selectByEvidence(pool, [consensus]),
};
