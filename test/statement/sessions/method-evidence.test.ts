import { describe, expect, test } from "vitest";
import {
  type ClassSessions,
  methodEvidence,
  type ProgramSessions,
} from "../../../src/statement/sessions/method-evidence.ts";
import { classReward, methodReward } from "../../../src/statement/sessions/method-rewards.ts";
import type { StepOutcome } from "../../../src/statement/sessions/session.ts";

const sessions: ClassSessions = {
  methods: ["A.f", "A.g"],
  shown: [
    { method: "A.f", steps: [{ source: "a.f()", printed: "1" }, { source: "a.f(2)" }] },
    { method: "A.g", steps: [{ source: "a.g()", printed: "7" }] },
  ],
  further: [
    {
      method: "A.f",
      steps: [{ source: "a = A()" }, { source: "a.f(3)", method: "A.f" }, { source: "a.g()", method: "A.g" }],
    },
  ],
};
const did = (outcome: string, passed: boolean | null = null, state = ""): StepOutcome => ({
  outcome,
  passed,
  state,
});
const program = (
  shown: readonly (readonly (StepOutcome | null)[])[],
  calls: readonly (StepOutcome | null)[],
): ProgramSessions => ({
  soundness: { compiles: true, findings: [] },
  shown,
  further: [[did("None"), ...calls]],
});

const right = program([[did("1", true), did("2")], [did("3", false)]], [did("3"), did("4")]);
const wrong = program(
  [[did("5", false), did("raises TypeError", false)], [did("3", false)]],
  [did("9"), did("4")],
);

describe("methodEvidence", () => {
  test("steps that a docstring shows, those that nothing passes apart", () => {
    const [first, second] = methodEvidence(sessions, [right, wrong]);
    expect(first?.get("A.f")?.examples).toBe(1);
    expect(second?.get("A.f")?.examples).toBe(0);
    expect(first?.get("A.g")?.examples).toBeNull();
  });

  test("a step that cannot be judged is worth half where another passes it", () => {
    const open = program([[did("6", null), did("2")], [null]], [null, null]);
    const [, second] = methodEvidence(sessions, [right, open]);
    expect(second?.get("A.f")?.examples).toBe(0.75);
  });

  test("agreement is the share of the group, by the method that is called", () => {
    const evidence = methodEvidence(sessions, [right, right, wrong]);
    expect(evidence.map((each) => each.get("A.f")?.agreement)).toEqual([2 / 3, 2 / 3, 1 / 3]);
    expect(evidence.map((each) => each.get("A.g")?.agreement)).toEqual([1, 1, 1]);
  });

  test("another state is another outcome, and a call that was not come to agrees with nobody", () => {
    const stateful = program(right.shown, [did("3", null, "a: n=1"), null]);
    const evidence = methodEvidence(sessions, [right, stateful, program(right.shown, [null, null])]);
    expect(evidence.map((each) => each.get("A.f")?.agreement)).toEqual([1 / 3, 1 / 3, 0]);
    expect(evidence.map((each) => each.get("A.g")?.agreement)).toEqual([1 / 3, 0, 0]);
  });

  test("what is wrong with one method is not held against another", () => {
    const finding = { kind: "stub", scope: "A.g", detail: "", line: 1 } as const;
    const [each] = methodEvidence(sessions, [
      { ...right, soundness: { compiles: true, findings: [finding] } },
    ]);
    expect([each?.get("A.f")?.sound, each?.get("A.g")?.sound]).toEqual([true, false]);
  });
});

describe("methodReward", () => {
  const evidence = { sound: true, examples: 1, agreement: 1 };
  test("all good is 1; each kind of evidence lowers it; something wrong is 0", () => {
    expect(methodReward(evidence)).toBe(1);
    expect(methodReward({ ...evidence, examples: 0.5 })).toBe(0.5);
    expect(methodReward({ ...evidence, agreement: 0.5 })).toBe(0.5);
    expect(methodReward({ ...evidence, sound: false })).toBe(0);
    const unknown = methodReward({ ...evidence, examples: null });
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThan(1);
  });

  test("a class has the mean of its methods", () => {
    expect(
      classReward(
        new Map([
          ["f", evidence],
          ["g", { ...evidence, sound: false }],
        ]),
      ),
    ).toBe(0.5);
    expect(classReward(new Map())).toBe(0);
  });
});
