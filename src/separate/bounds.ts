import { DEFAULT_LIMITS, type Limits, wallLimitMs } from "../sandbox/sandbox.ts";

/** Inputs that a generator is called for, and that are used of it. */
export const GENERATED = 32;
export const MOST_USED = 16;

/** The longest input that is used, in characters of its text or JSON: what tells programs apart is small. */
export const MOST_CHARACTERS = 10_000;

const CALL_CPU_MS = 1000;
const GENERATOR_CPU_MS = 5000;

/** Of all calls of a generator, and of all calls of its validator. */
export const GENERATOR_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  cpuMs: GENERATOR_CPU_MS,
  callCpuMs: CALL_CPU_MS,
  wallMs: wallLimitMs(GENERATOR_CPU_MS),
  memoryBytes: 2 ** 29,
  outputBytes: 2 ** 20,
};

const BRUTE_CPU_MS = 1000;

/** Of a brute-force solution on one input (of calls: on as many as share a process). */
export const BRUTE_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  cpuMs: BRUTE_CPU_MS,
  wallMs: wallLimitMs(BRUTE_CPU_MS),
  outputBytes: 2 ** 20,
};

/** CPU milliseconds after which a brute-force solution gets no further inputs, and how many it gets at a time. */
export const BRUTE_TOTAL_MS = 8000;
export const BRUTE_AT_ONCE = 8;
