import type { StaticEvidence } from "./static-evidence.ts";

/**
 * How sound a program looks, higher is better: minus the number of functions and classes in which something is wrong.
 * One wrong function fails a program, and two are less likely to be both false alarms. What does not compile comes
 * after everything that does.
 */
export function soundness({ compiles, findings }: StaticEvidence): number {
  return compiles ? 0 - new Set(findings.map(({ scope }) => scope)).size : Number.MIN_SAFE_INTEGER;
}

/** Whether nothing is wrong with one function, `Class.method`. */
export function isSound({ compiles, findings }: StaticEvidence, scope: string): boolean {
  return compiles && findings.every((finding) => finding.scope !== scope);
}
