import type { EvidenceSource } from "../core/best-of-n.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { eachProgram } from "../statement/run/each-program.ts";
import type { OwnTests } from "./project.ts";
import { runOwnTests } from "./run-own-tests.ts";

/** A user's tests as evidence; even a single program is run. Nothing is measured where nothing can run. */
export function ownTestsSource(
  tests: OwnTests,
  {
    sandbox: openSandbox,
    signal,
  }: { readonly sandbox: () => Promise<Sandbox | undefined>; readonly signal: AbortSignal },
): EvidenceSource {
  return {
    gives: ["own-tests"],
    evenOne: true,
    async gather(_problem, candidates) {
      const sandbox = await openSandbox();
      if (sandbox === undefined) return [];
      const codes = candidates.map(({ code }) => code);
      return eachProgram(codes, sandbox.jobs, async (code) => {
        const result = /\S/.test(code) ? await runOwnTests(code, tests, { sandbox, signal }) : undefined;
        return result === undefined ? {} : { ownTestsPassed: result.passed, ownTestsOutput: result.output };
      });
    },
  };
}
