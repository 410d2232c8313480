import { z } from "zod";
import { expectedOf, pathOf, valueAt } from "../core/expected.ts";
import { FunprmError } from "../core/errors.ts";
import { describe, elementTexts, fieldTexts, parseObject } from "../formats/text/json-text.ts";
import { MAX_TEXT_BYTES } from "../formats/text/whole-text.ts";

/** Items of one request at most. */
const MOST_ITEMS = 4096;

const text = z
  .string()
  .refine(({ length }) => length <= MAX_TEXT_BYTES, `expected at most ${MAX_TEXT_BYTES} characters`);

/** A program to be rewarded. */
const itemSchema = z
  .strictObject({
    /** Comes back with the answer. */
    id: z.union([z.string(), z.number()]).optional(),
    /** The id of a problem that the server knows, or a problem with its tests. */
    problem: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
    /** A whole program, read as it is. */
    program: text.optional(),
    /** What a model wrote: a reply around a program, a program, or lines that continue the problem's starter code. */
    completion: text.optional(),
    /** R of every line, from the caller's own PRM, in place of the server's. */
    line_rewards: z.array(z.number().min(-1).max(1)).optional(),
  })
  .refine(
    ({ program, completion }) => (program === undefined) !== (completion === undefined),
    'expected either "program" or "completion"',
  );

/** What is wanted for all items of a request. */
const wishSchema = z.strictObject({
  /** How programs are cut into steps. Default: function; with `shape`: line. */
  steps: z.enum(["function", "line"]).optional(),
  /** Whether the PRM is asked. */
  prm: z.boolean().default(false),
  /** `psgpo`: rewards of lines, from the tests and from R at every line. */
  shape: z.literal("psgpo").optional(),
  /** What tests are worth: 1 for a program that passes all of them, or the share that it passes. */
  outcome: z.enum(["passed", "share"]).default("passed"),
});

const requestSchema = wishSchema.extend({ items: z.array(itemSchema).min(1).max(MOST_ITEMS) });

type ItemFields = z.infer<typeof itemSchema>;
export type RewardWish = z.infer<typeof wishSchema>;

/** An item, with its problem as the JSON text that it came as where it is no id. */
export interface RewardItem extends Omit<ItemFields, "problem"> {
  readonly problem: { readonly id: string } | { readonly text: string };
}

export interface RewardRequest extends RewardWish {
  readonly items: readonly RewardItem[];
}

/** A request from its JSON text. `place` names it in errors. @throws FunprmError `input` */
export function readRequest(json: string, place: string): RewardRequest {
  const body = parseObject(json, place, { python: true });
  const request = checked(requestSchema, body, place);
  const texts = request.items.some(({ problem }) => typeof problem !== "string")
    ? elementTexts(fieldTexts(json).get("items") ?? "[]")
    : [];
  return { ...request, items: request.items.map((item, at) => withProblem(item, texts[at])) };
}

/** One item from its JSON text. @throws FunprmError `input` */
export function readItem(json: string, place: string): RewardItem {
  return withProblem(checked(itemSchema, parseObject(json, place, { python: true }), place), json);
}

/** What is wanted, from options. @throws FunprmError `input` */
export function readWish(wish: object): RewardWish {
  return checked(wishSchema, wish, "wish");
}

/** Numbers of tests keep the form that they were written in: to Python 1.0 is not 1. */
function withProblem({ problem, ...item }: ItemFields, json: string | undefined): RewardItem {
  if (typeof problem === "string") return { ...item, problem: { id: problem } };
  return { ...item, problem: { text: fieldTexts(json ?? "{}").get("problem") ?? JSON.stringify(problem) } };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue === undefined) throw new Error("a schema refused a value without an issue");
  const path = pathOf(issue);
  const field = path === "" ? "" : ` field "${path}":`;
  const came = describe(valueAt(value, issue.path));
  throw new FunprmError("input", `${place}:${field} expected ${expectedOf(issue)}, got ${came}`);
}
