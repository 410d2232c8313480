import { FunprmError } from "../../core/errors.ts";
import { bigcodebench } from "./bigcodebench.ts";
import { humanevalplus, mbppplus } from "./evalplus.ts";
import { livecodebench } from "./livecodebench.ts";
import type { Suite } from "./suite.ts";

const SUITES: readonly Suite[] = [livecodebench, bigcodebench, humanevalplus, mbppplus];

/** @throws FunprmError `usage` that names the suites */
export function suiteByName(name: string): Suite {
  const suite = SUITES.find((each) => each.name === name);
  if (suite !== undefined) return suite;
  const names = SUITES.map((each) => each.name).join(", ");
  throw new FunprmError(
    "usage",
    `expected a suite, one of ${names}, or --pool CANDIDATES --problems PROBLEMS; got "${name}"`,
  );
}
