import type { Aggregate } from "../core/aggregate.ts";
import { FunprmError } from "../core/errors.ts";
import type { Selector } from "../core/selector.ts";
import { selectors } from "../select/index.ts";
import type { Options } from "../settings/options.ts";
import type { Invocation } from "./command.ts";

/** The selectors that are compared, in the order of the table. */
export function wantedSelectors(invocation: Invocation, options: Options, aggregate: Aggregate): Selector[] {
  const named = options.selectors && [
    ...options.selectors,
    options.baseline,
    shownSelector(invocation, options),
  ];
  return [...selectors(aggregate).values()].filter(({ name }) => named?.includes(name) ?? true);
}

/** Unknown names are told before hours of work. */
export function checkNames({ selectors: names = [], baseline, select }: Options): void {
  const known = [...selectors("mean").keys()];
  for (const name of [...names, baseline, select]) {
    if (known.includes(name)) continue;
    throw new FunprmError("usage", `expected selectors out of ${known.join(", ")}; got "${name}"`);
  }
}

/**
 * Whose choice the pages show. Where selectors are named and --select is not, one of them: the default would ask for evidence
 * that nobody wants.
 */
export function shownSelector({ flags }: Invocation, { selectors: names, select }: Options): string {
  if (names === undefined || flags["select"] !== undefined || names.includes(select)) return select;
  return names.findLast((name) => name !== "random" && name !== "oracle") ?? names.at(-1) ?? select;
}
