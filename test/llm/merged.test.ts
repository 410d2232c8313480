import { describe, expect, it } from "vitest";
import { merged } from "../../src/llm/merged.ts";

async function* counting(name: string, count: number, failure?: Error): AsyncGenerator<string> {
  for (let i = 0; i < count; i += 1) yield `${name}${i}`;
  if (failure !== undefined) throw failure;
}

async function* counted(): AsyncGenerator<number> {
  yield 7;
}

describe("merged", () => {
  it("gives every value of every source, each source's in order", async () => {
    const values: string[] = [];
    for await (const value of merged([
      () => counting("a", 200),
      () => counting("b", 3),
      () => counting("c", 0),
    ]))
      values.push(value);
    expect(values).toHaveLength(203);
    expect(values.filter((value) => value.startsWith("b"))).toEqual(["b0", "b1", "b2"]);
    expect(values.filter((value) => value.startsWith("a")).at(-1)).toBe("a199");
  });

  it("throws a source's error after the others have given all they have", async () => {
    const values: string[] = [];
    const failing = async () => {
      const sources = [() => counting("a", 1, new Error("a is gone")), () => counting("b", 100)];
      for await (const value of merged(sources)) values.push(value);
    };
    await expect(failing()).rejects.toThrow("a is gone");
    expect(values).toHaveLength(101);
  });

  it("ends its sources when nobody reads on", async () => {
    let isEnded = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i += 1) yield i;
      } finally {
        isEnded = true;
      }
    }
    for await (const value of merged([endless, endless])) if (value > 2) break;
    expect(isEnded).toBe(true);
  });

  it("ends a source that waits, when nobody reads on", async () => {
    async function* waiting(over: AbortSignal): AsyncGenerator<number> {
      await new Promise((resolve) => over.addEventListener("abort", resolve));
      yield 0;
    }
    const seen: number[] = [];
    for await (const value of merged<number>([counted, waiting])) {
      seen.push(value);
      break;
    }
    expect(seen).toEqual([7]);
  });
});
