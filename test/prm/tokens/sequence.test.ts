import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSequences } from "../../../src/prm/tokens/sequence.ts";
import type { ProgramTokens, SequenceRules } from "../../../src/prm/tokens/sequence.ts";

// Every part draws its ids from a range of its own, so that an id tells where it came from.
const MARK = 4;
const part = (from: number, size: number) =>
  fc.array(fc.integer({ min: from, max: from + 99 }), { maxLength: size });
const place = (id: number) => fc.constantFrom(null, id);

const program: fc.Arbitrary<ProgramTokens> = fc.record({
  statement: part(100, 40),
  steps: fc.array(part(200, 20), { maxLength: 8 }),
  afterCode: part(300, 3),
});

const withSteps = program.filter(({ steps }) => steps.length > 0);

const rules = (kind: "prefix" | "step-mark"): fc.Arbitrary<SequenceRules> =>
  fc.record({
    reading: fc.constant(kind === "prefix" ? { kind } : { kind, markId: MARK }),
    specialTokens: fc.record({
      first: place(1),
      betweenStatementAndCode: place(2),
      last: place(3),
      pad: fc.constant(0),
    }),
    contextLength: fc.integer({ min: 16, max: 120 }),
  });

const isCode = (id: number) => id >= 200 && id < 300;
const isStatement = (id: number) => id >= 100 && id < 200;

/** The sequence that the rules describe where nothing has to be cut. */
function uncut(tokens: ProgramTokens, code: readonly number[], { specialTokens }: SequenceRules): number[] {
  const { first, betweenStatementAndCode, last } = specialTokens;
  return [first, ...tokens.statement, betweenStatementAndCode, ...code, ...tokens.afterCode, last].filter(
    (id) => id !== null,
  );
}

describe("prefix reading", () => {
  test("step t's sequence is the template around s1..st, cut from the statement's end, then the code's beginning", () => {
    fc.assert(
      fc.property(program, rules("prefix"), (tokens, rules) => {
        const built = buildSequences(tokens, rules);
        expect(built.sequences).toHaveLength(tokens.steps.length);
        let cutMost = 0;
        let cutCodeMost = 0;
        for (const [step, { ids, marks }] of built.sequences.entries()) {
          const code = tokens.steps.slice(0, step + 1).flat();
          const whole = uncut(tokens, code, rules);
          const excess = Math.max(whole.length - rules.contextLength, 0);
          const cutStatement = Math.min(excess, tokens.statement.length);
          const cutCode = excess - cutStatement;
          const statement = tokens.statement.slice(0, tokens.statement.length - cutStatement);
          expect([...ids]).toEqual(uncut({ ...tokens, statement }, code.slice(cutCode), rules));
          expect(marks).toBeNull();
          cutMost = Math.max(cutMost, excess);
          cutCodeMost = Math.max(cutCodeMost, cutCode);
        }
        expect(built.truncatedTokens).toBe(cutMost);
        expect(built.truncatedCodeTokens).toBe(cutCodeMost);
        expect(built.places).toEqual(tokens.steps.map((_, sequence) => ({ sequence, reward: 0 })));
      }),
    );
  });

  test("the first steps of a program have the sequences of the program that ends there", () => {
    fc.assert(
      fc.property(program, rules("prefix"), fc.nat(8), (tokens, rules, length) => {
        const shorter = buildSequences({ ...tokens, steps: tokens.steps.slice(0, length) }, rules);
        const whole = buildSequences(tokens, rules);
        expect(shorter.sequences).toEqual(whole.sequences.slice(0, length));
      }),
    );
  });
});

describe("step-mark reading", () => {
  test("one sequence within the context; nothing but statement and code is cut, in that order", () => {
    fc.assert(
      fc.property(withSteps, rules("step-mark"), (tokens, rules) => {
        const built = buildSequences(tokens, rules);
        const code = tokens.steps.flatMap((step) => [...step, MARK]);
        const whole = uncut(tokens, code, rules);
        const [{ ids } = { ids: new Int32Array() }, ...more] = built.sequences;
        expect(more).toEqual([]);
        expect(ids.length).toBe(Math.min(whole.length, rules.contextLength));
        expect(built.truncatedTokens).toBe(whole.length - ids.length);
        expect(built.truncatedCodeTokens).toBe(code.filter(isCode).length - [...ids].filter(isCode).length);
        const statementLeft = [...ids].filter(isStatement);
        expect(tokens.statement.slice(0, statementLeft.length)).toEqual(statementLeft);
        expect(built.truncatedCodeTokens === 0 || statementLeft.length === 0).toBe(true);
        expect(whole.join()).toContain([...ids].filter((id) => isCode(id) || id === MARK).join());
      }),
    );
  });

  test("every step is read at its own mark, or at the first that is left; never at a mark in the text", () => {
    fc.assert(
      fc.property(withSteps, rules("step-mark"), (tokens, rules) => {
        const { sequences, places } = buildSequences(tokens, rules);
        const [sequence] = sequences;
        if (sequence === undefined) return;
        const marks = sequence.marks ?? [];
        expect(places).toHaveLength(tokens.steps.length);
        for (const mark of marks) expect(sequence.ids[mark]).toBe(MARK);
        const left = [...sequence.ids].filter((id) => id === MARK).length;
        expect(marks).toHaveLength(left);
        const cut = tokens.steps.length - left;
        expect(places.map(({ reward }) => reward)).toEqual(
          tokens.steps.map((_, step) => Math.max(step - cut, 0)),
        );
      }),
    );
  });

  test("a mark's id inside the code is code", () => {
    const rules: SequenceRules = {
      reading: { kind: "step-mark", markId: MARK },
      specialTokens: { first: null, betweenStatementAndCode: null, last: null, pad: 0 },
      contextLength: 16,
    };
    const built = buildSequences({ statement: [100], steps: [[MARK, 200], [201]], afterCode: [] }, rules);
    expect(built.sequences[0]?.marks).toEqual([3, 5]);
  });
});

test.each([{ kind: "prefix" }, { kind: "step-mark", markId: MARK }] as const)(
  "no steps have no sequences and no cuts: $kind",
  (reading) => {
    const specialTokens = { first: 1, betweenStatementAndCode: 2, last: 3, pad: 0 };
    const statement = Array.from({ length: 50 }, () => 100);
    expect(
      buildSequences({ statement, steps: [], afterCode: [] }, { reading, specialTokens, contextLength: 16 }),
    ).toEqual({ sequences: [], places: [], truncatedTokens: 0, truncatedCodeTokens: 0 });
  },
);

test("a context that the fixed tokens fill is refused", () => {
  const rules: SequenceRules = {
    reading: { kind: "prefix" },
    specialTokens: { first: 1, betweenStatementAndCode: 2, last: 3, pad: 0 },
    contextLength: 16,
  };
  const tokens = { statement: [], steps: [[200]], afterCode: Array.from({ length: 13 }, () => 300) };
  expect(() => buildSequences(tokens, rules)).toThrow(/"contextLength".*16 fixed tokens, got 16/);
});
