import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { decodeTests } from "../../src/formats/hidden-tests.ts";
import { unpickleString } from "../../src/formats/pickle.ts";
import { testFolder } from "./folder.ts";

const folder = testFolder();

/** What Python makes of `program`, which writes bytes to `out`. */
function python(program: string, input: string | Buffer = ""): Buffer {
  return execFileSync(
    "python3",
    ["-c", `import sys, json, pickle, zlib, base64\nout = sys.stdout.buffer\n${program}`],
    {
      input,
      maxBuffer: 1e9,
    },
  );
}

function packed(data: string, kind: "stdin" | "method" = "stdin"): Problem {
  return {
    id: "p/7",
    statement: "",
    kind,
    starterCode: "",
    exampleTests: [{ type: "stdio", input: "1", output: "1" }],
    hiddenTests: { form: "livecodebench", data },
    meta: {},
  };
}

function outcome(pickle: Buffer): string {
  try {
    return `a ${typeof unpickleString(pickle)}`;
  } catch (error) {
    return error instanceof Error ? error.name : "no error";
  }
}

const base64 = (pickle: Buffer): string => deflateSync(pickle).toString("base64");

describe("unpickleString", () => {
  const strings = [
    "",
    "plain",
    "Größe \u{1F600} \0 \x1a \r\n",
    "\\u0041 \\n \\",
    "x".repeat(300),
    "é".repeat(70_000),
  ];

  it.each([0, 1, 2, 3, 4, 5])("reads what Python's pickle writes in protocol %i", (protocol) => {
    const pickles = python(
      `for text in json.load(sys.stdin): out.write(base64.b64encode(pickle.dumps(text, ${protocol})) + b"\\n")`,
      JSON.stringify(strings),
    );
    const lines = pickles.toString().trim().split("\n");
    expect(lines.map((line) => unpickleString(Buffer.from(line, "base64")))).toEqual(strings);
  });

  it("reads the pickle of the pure Python pickler too", () => {
    const pickle = python(`out.write(pickle._dumps(json.load(sys.stdin), 4))`, JSON.stringify("[1]"));
    expect(unpickleString(pickle)).toBe("[1]");
  });

  it("reads the opcode for strings over 4 GB", () => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(3n);
    expect(
      unpickleString(Buffer.concat([Buffer.from("\x80\x05\x8d", "latin1"), length, Buffer.from("abc.")])),
    ).toBe("abc");
    length.writeBigUInt64LE(2n ** 63n);
    expect(() =>
      unpickleString(Buffer.concat([Buffer.from("\x80\x05\x8d", "latin1"), length, Buffer.from("abc.")])),
    ).toThrow("ends inside");
  });

  it.each([
    [
      "os.system",
      "class A:\n  def __reduce__(self):\n    import os\n    return os.system, ('touch ' + MARK,)\nvalue = A()",
    ],
    [
      "eval",
      "class A:\n  def __reduce__(self):\n    return eval, ('open(MARK, \"w\")'.replace('MARK', repr(MARK)),)\nvalue = A()",
    ],
    ["a list", "value = ['[]', 1]"],
    ["bytes", "value = b'[]'"],
    ["a number", "value = 7"],
    ["None", "value = None"],
    ["two strings", "value = ('[]', '[]')"],
    ["a subclass of str", "import collections\nvalue = collections.OrderedDict(a='[]')"],
  ])("refuses %s by name and runs nothing", (_, program) => {
    const mark = join(folder.path, "ran");
    const pickles = python(
      `MARK = ${JSON.stringify(mark)}\n${program}\nfor protocol in range(6): out.write(base64.b64encode(pickle.dumps(value, protocol)) + b"\\n")`,
    );
    const lines = pickles.toString().trim().split("\n");
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      expect(() => unpickleString(Buffer.from(line, "base64"))).toThrow(
        /the pickle holds (the opcode [A-Z]|more than one string)/,
      );
    }
    expect(existsSync(mark)).toBe(false);
  });

  it("ends with a value or a PickleError on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(outcome(Buffer.from(bytes))).toMatch(/^(?:a string|PickleError)$/);
      }),
      { numRuns: 2000 },
    );
    for (const text of ["", ".", "Vabc", "X\xff\xff\xff\xffab.", "Va\n.Vb\n.", "V\\Uffffffff\n."]) {
      expect(() => unpickleString(Buffer.from(text, "latin1"))).toThrow(/pickle/);
    }
  });
});

describe("decodeTests", () => {
  const tests = [
    { input: "[1, 2]\n1.0", output: "3.5", testtype: "functional" },
    { input: '"a"\n', output: "null", testtype: "functional" },
  ];

  it("reads private tests as LiveCodeBench packs them, calls and stdin", async () => {
    const data = python(
      "out.write(base64.b64encode(zlib.compress(pickle.dumps(sys.stdin.read()))))",
      JSON.stringify(tests),
    ).toString();
    const calls = await decodeTests(packed(data, "method"));
    expect(calls.examples).toEqual([{ type: "stdio", input: "1", output: "1" }]);
    expect(calls.hidden).toEqual([
      { type: "call", args: [[1, 2], 1], argsJson: "[[1, 2],1.0]", expected: 3.5, expectedJson: "3.5" },
      { type: "call", args: ["a"], argsJson: '["a"]', expected: null, expectedJson: "null" },
    ]);
    const stdin = await decodeTests(packed(`${data}\n`));
    expect(stdin.hidden[0]).toEqual({ type: "stdio", input: "[1, 2]\n1.0", output: "3.5" });
    expect((await decodeTests(packed(` ${JSON.stringify(tests)}`))).hidden).toHaveLength(2);
    expect((await decodeTests(packed(""))).hidden).toEqual([]);
  });

  it("gives EvalPlus inputs as JSON texts", async () => {
    const decoded = await decodeTests({
      ...packed(""),
      hiddenTests: {
        form: "evalplus",
        baseInput: "[[1.0], [[2]]]",
        plusInput: "[]",
        reference: "r",
        atol: 0,
      },
    });
    expect(decoded).toMatchObject({
      hidden: [],
      inputs: { base: ["[1.0]", "[[2]]"], plus: [], reference: "r", atol: 0 },
    });
  });

  it.each<[string, string, string]>([
    ["a pickled call", base64(Buffer.from("cos\nsystem\n(S'true'\ntR.")), "the opcode GLOBAL at byte 0"],
    ["damaged zlib", Buffer.from("no zlib at all").toString("base64"), "damaged zlib data"],
    ["a cut text", base64(Buffer.from("V[]\n.")).slice(0, 8), "damaged zlib data"],
    ["other text", "{oops", "text that is neither"],
    ["JSON that is no list", base64(Buffer.from("V{}\n.")), "expected a JSON list"],
    ["JSON that is none", base64(Buffer.from("Voops\n.")), "expected a JSON object"],
    [
      "tests of another form",
      '[{"input": "1", "output": "1"}, {"input": 3, "output": "1"}]',
      "private tests[1]: expected a JSON list",
    ],
  ])("refuses %s, naming the problem", async (_, data, message) => {
    const error = await decodeTests(packed(data)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "FunprmError", code: "input" });
    expect(String(error)).toContain('problem "p/7": private tests');
    expect(String(error)).toContain(message);
  });

  it("refuses a call test whose input is no JSON", async () => {
    await expect(decodeTests(packed('[{"input": "1 2", "output": "1"}]', "method"))).rejects.toThrow(
      'problem "p/7": private tests[0].input: expected a JSON',
    );
  });

  it("refuses a zip bomb without inflating it", async () => {
    const bomb = deflateSync(Buffer.alloc(300_000_000)).toString("base64");
    const before = process.memoryUsage().rss;
    await expect(decodeTests(packed(bomb), { maxInflatedBytes: 1_000_000 })).rejects.toThrow(
      "inflates to more than 1000000 bytes",
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
  });
});
