// LiveCodeBench's private tests: base64 of zlib of a pickle. A candidate whose tests cannot be read gets no verdict.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { livecodebench } from "./material.mjs";

const grade = (candidates, problems) => [
  "grade",
  candidates,
  "--problems",
  problems,
  "--out",
  "OUT/graded.jsonl",
];
const pickled = (bytes) => livecodebench(deflateSync(bytes));
const record = (code) => JSON.stringify({ problem_id: "q", code });

function pickleOf(mebibytes) {
  const text = Buffer.alloc(mebibytes * 2 ** 20, " ");
  text.write("[]");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return deflateSync(Buffer.concat([Buffer.from("\x80\x04\x8d", "latin1"), length, text, Buffer.from(".")]), {
    level: 9,
  });
}

export const PRIVATE_TESTS = [
  {
    name: "private tests: zlib that inflates to 600 MiB",
    make: (dir) => {
      writeFileSync(join(dir, "p.jsonl"), livecodebench(pickleOf(600)));
      writeFileSync(join(dir, "c.jsonl"), record("print(1)"));
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [5],
    says: /problem "q": private tests.*inflates to more/s,
  },
  {
    name: "private tests: zlib that inflates to 1,100 MiB",
    make: (dir) => {
      writeFileSync(join(dir, "p.jsonl"), livecodebench(pickleOf(1100)));
      writeFileSync(join(dir, "c.jsonl"), record("print(1)"));
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [5],
    says: /problem "q": private tests.*inflates to more/s,
  },
  {
    name: "private tests: a pickle that runs os.system",
    files: {
      "p.jsonl": pickled(Buffer.from("cos\nsystem\n(S'touch CWD/owned'\ntR.")),
      "c.jsonl": record("print(1)"),
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [5],
    says: /private tests.*opcode GLOBAL.*not run/s,
  },
  {
    name: "private tests: a pickled string of 2^60 bytes",
    files: {
      "p.jsonl": pickled(
        Buffer.concat([
          Buffer.from("\x80\x04\x8d", "latin1"),
          Buffer.from([0, 0, 0, 0, 0, 0, 0, 16]),
          Buffer.from("x."),
        ]),
      ),
      "c.jsonl": record("print(1)"),
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [5],
    says: /private tests/,
  },
  {
    name: "private tests: base64 of noise",
    files: { "p.jsonl": livecodebench(Buffer.from("noise".repeat(99))), "c.jsonl": record("print(1)") },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [5],
    says: /private tests.*damaged zlib/s,
  },
];
