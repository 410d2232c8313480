import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const testSchema = z.union([
  z.strictObject({ input: z.string(), output: z.string() }),
  z.strictObject({ args: z.array(z.unknown()), expected: z.unknown() }),
]);

export type ExampleTest = z.infer<typeof testSchema>;

const problemSchema = z.strictObject({
  id: z.string(),
  title: z.string().min(1),
  statement: z.string().min(1),
  starter_code: z.string().optional(),
  entry_point: z.string().optional(),
  difficulty: z.enum(["easy", "medium", "hard"]),
  examples: z.array(testSchema),
  tests: z.array(testSchema),
});

const candidateSchema = z.strictObject({
  problem_id: z.string(),
  sample_index: z.int(),
  code: z.string(),
  passed: z.boolean(),
  /** The fault of a candidate that does not pass. */
  why: z.string().optional(),
});

export type ExampleCandidate = z.infer<typeof candidateSchema>;

export interface Example {
  readonly name: string;
  readonly bytes: number;
  readonly problem: z.infer<typeof problemSchema>;
  readonly candidates: readonly ExampleCandidate[];
}

export const EXAMPLES_FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));

/** Every folder of examples/, read by schemas of the test's own: any field that is not expected is an error. */
export function readExamples(): Example[] {
  return readdirSync(EXAMPLES_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => {
      const text = readFileSync(`${EXAMPLES_FOLDER}${name}/problem.json`, "utf8");
      const lines = readFileSync(`${EXAMPLES_FOLDER}${name}/candidates.jsonl`, "utf8").trimEnd().split("\n");
      return {
        name,
        bytes: text.length,
        problem: problemSchema.parse(JSON.parse(text)),
        candidates: lines.map((line) => candidateSchema.parse(JSON.parse(line))),
      };
    });
}
