import { type Criterion, selectorBy } from "../criterion.ts";
import { agreementSize } from "./agreement.ts";
import { examplesPassed } from "./examples.ts";

/** Tests passed times the number of programs that agree: CodeT's score of a consensus set (arXiv 2207.10397). */
const consensus: Criterion = {
  name: "codet",
  needs: [...examplesPassed.needs, ...agreementSize.needs],
  values: (pool, group) => {
    const passed = examplesPassed.values(pool, group);
    const sizes = agreementSize.values(pool, group);
    return passed && sizes && passed.map((count, position) => count * (sizes[position] ?? 0));
  },
};

/** CodeT with the statement's examples in the place of generated tests, and agreement on probe inputs. */
export const codet = selectorBy("codet", "CodeT: examples passed x agreement", [consensus]);
