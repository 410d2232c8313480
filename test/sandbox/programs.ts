import type { Job, Limits } from "../../src/sandbox/sandbox.ts";

/** Small limits, so that programs that run into them do so soon; wall time is generous, because tests may run on a busy machine. */
export const LIMITS: Limits = {
  cpuMs: 500,
  wallMs: 20_000,
  memoryBytes: 256 << 20,
  outputBytes: 1 << 20,
  processes: 16,
};

type JobOf<Kind> = Extract<Job, { readonly kind: Kind }>;
type Part<J> = Partial<J> & { readonly limits?: Limits };

export function script(code: string, part: Part<JobOf<"script">> = {}): Job {
  return { kind: "script", code, prelude: "", stdin: "", limits: LIMITS, ...part };
}

export function calls(code: string, part: Part<JobOf<"calls">> = {}): Job {
  return {
    kind: "calls",
    code,
    prelude: "",
    entryPoint: "f",
    argumentsJson: "[[1]]",
    limits: LIMITS,
    ...part,
  };
}

export function check(code: string, test: string, part: Part<JobOf<"check">> = {}): Job {
  return { kind: "check", code, prelude: "", entryPoint: "f", test, limits: LIMITS, ...part };
}
