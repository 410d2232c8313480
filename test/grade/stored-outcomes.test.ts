import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { StoredOutcomes } from "../../src/grade/stored-outcomes.ts";
import type { Outcome } from "../../src/grade/verdict.ts";
import { EntryStore } from "../../src/store/entry-store.ts";

const problem: Problem = {
  id: "p",
  statement: "",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  hiddenTests: { form: "list", tests: [{ type: "stdio", input: "1", output: "2" }] },
  meta: {},
};
const CPU_MS = 10_000;

let folder: string;
let store: EntryStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "funprm-outcomes-"));
  store = await EntryStore.open(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const on = (referenceMs?: number, scope: object = {}) =>
  new StoredOutcomes(store, { lookup: async () => problem, scope, cpuMs: CPU_MS, referenceMs });

const outcome = (verdict: Outcome["verdict"], cpuMs: number): Outcome => ({
  verdict,
  passedTests: verdict === "pass" ? 1 : 0,
  totalTests: 1,
  cpuMs,
  wallMs: cpuMs,
  memoryKb: 9,
});

describe("outcomes in a store", () => {
  it("are found by program, limits and interpreter; what says nothing of the program is not kept", async () => {
    await on().keep("p", "a", outcome("pass", 20));
    expect(await on().find("p", "a")).toEqual(outcome("pass", 20));
    expect(await on().find("p", "b")).toBeUndefined();
    expect(await on(undefined, { interpreter: "another" }).find("p", "a")).toBeUndefined();
    await on().keep("p", "b", outcome("infra_error", 0));
    expect(await on().find("p", "b")).toBeUndefined();
  });

  it("of two that differ the first counts; one that only took longer is no contradiction", async () => {
    await on().keep("p", "a", outcome("pass", 20));
    expect(await on().keep("p", "a", outcome("pass", 90))).toEqual(outcome("pass", 20));
    expect(store.contradicted).toBe(0);
    expect(await on().keep("p", "a", outcome("wrong_answer", 20))).toEqual(outcome("pass", 20));
    expect(store.contradicted).toBe(1);
  });

  it("a time limit of a slow machine is not a fast one's; each keeps its own, and the contradiction is told", async () => {
    const [slow, fast] = [on(300), on(100)];
    await slow.keep("p", "a", outcome("time_limit", CPU_MS));
    expect(await on(200).find("p", "a")).toEqual(outcome("time_limit", CPU_MS));
    expect(await fast.find("p", "a")).toBeUndefined();
    expect(await fast.keep("p", "a", outcome("pass", 4_000))).toEqual(outcome("pass", 4_000));
    expect(store.contradicted).toBe(1);
    expect(await on(100).find("p", "a")).toEqual(outcome("pass", 4_000));
    expect(await slow.find("p", "a")).toEqual(outcome("time_limit", CPU_MS));
  });

  it("a program that a fast machine lets pass, but only just, is tried again on a slow one", async () => {
    const [slow, fast] = [on(300), on(100)];
    await fast.keep("p", "near", outcome("pass", 4_000));
    await fast.keep("p", "far", outcome("pass", 3_000));
    expect(await slow.find("p", "near")).toBeUndefined();
    expect(await slow.find("p", "far")).toEqual(outcome("pass", 3_000));
  });
});
