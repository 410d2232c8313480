import { randomUUID } from "node:crypto";
import { z } from "zod";
import { bestOfN } from "../core/best-of-n.ts";
import type { Candidate } from "../core/candidate.ts";
import { holdsCode } from "../core/evidence.ts";
import { interrupted } from "../http/interruption.ts";
import { extractCode, looksLikeReply } from "../reply/extract.ts";
import { LONGEST_STATEMENT } from "./chat/chat.ts";
import { parseJsonObject } from "../http/server/json-object.ts";
import type { NodeRequest } from "../http/server/answer-error.ts";
import type { ServeContext } from "./context.ts";
import { lifetimeOf } from "../http/server/lifetime.ts";
import { problemOf } from "./chat/problem-of-request.ts";
import { readBody } from "../http/server/read-body.ts";
import { Refusal } from "../http/server/refusal.ts";

/** Programs of one request: each of them runs. */
const MOST_DOCUMENTS = 256;

/** As Jina and Cohere have it. */
const rerankSchema = z.looseObject({
  query: z
    .union([z.string(), z.looseObject({ text: z.string() }).transform(({ text }) => text)])
    .refine((text) => text.length <= LONGEST_STATEMENT, `expected at most ${LONGEST_STATEMENT} characters`),
  documents: z
    .array(z.union([z.string(), z.looseObject({ text: z.string() }).transform(({ text }) => text)]))
    .min(1)
    .max(MOST_DOCUMENTS),
  top_n: z.number().int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
});

/** Orders programs (`documents`) by how well they answer a statement (`query`), as Best-of-N does. */
export async function answerRerank(c: NodeRequest, context: ServeContext): Promise<Response> {
  const body = await readBody(c.env.incoming, context.settings.mostBodyBytes);
  const read = rerankSchema.safeParse(parseJsonObject(body));
  if (!read.success) {
    const [issue] = read.error.issues;
    const param = issue?.path.join(".") ?? "";
    const expected = `expected {"query": TEXT, "documents": [TEXT, ...], "top_n"?: COUNT}, at most ${MOST_DOCUMENTS} documents`;
    throw new Refusal(400, "invalid_request", `${expected}; ${param}: ${issue?.message ?? "not valid"}`, {
      param,
    });
  }
  const { query, documents, top_n: topN, return_documents: returned } = read.data;
  const lifetime = lifetimeOf(c.env.outgoing, context.cut);
  try {
    const started = performance.now();
    const { scores, decidedBy } = await context.gates.chosen.through(lifetime.signal, () =>
      relevance(query, documents, context, lifetime.signal),
    );
    const results = documents
      .map((text, index) => ({
        index,
        relevance_score: scores[index] ?? 0,
        ...(returned === true && { document: { text } }),
      }))
      .toSorted((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
      .slice(0, topN ?? documents.length);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    context.report.note(
      `/rerank: ${documents.length} programs, ${decidedBy ?? "nothing told them apart"}, ${seconds} s`,
    );
    return c.json({
      id: `rerank-${randomUUID()}`,
      model: `funprm/${context.open.by.select}`,
      results,
      usage: { total_tokens: 0 },
      funprm: { decided_by: decidedBy },
    });
  } finally {
    lifetime.end();
  }
}

/**
 * A number in [0, 1] for each program: 1 for the best, and equal for those that nothing tells apart; 0 for what holds
 * no program. It is a place among these, no probability.
 */
async function relevance(
  statement: string,
  documents: readonly string[],
  { open }: ServeContext,
  signal: AbortSignal,
): Promise<{ readonly scores: readonly number[]; readonly decidedBy: string | null }> {
  const problem = problemOf(statement);
  const { entryPoint } = problem;
  const candidates = documents.map((text, sampleIndex): Candidate => {
    const { code, warnings } = looksLikeReply(text)
      ? extractCode(text, entryPoint === undefined ? {} : { entryPoint })
      : { code: text, warnings: [] };
    return { problemId: problem.id, sampleIndex, code, warnings, extra: {} };
  });
  const { selection, pool } = await bestOfN(problem, candidates, open.methodUntil(signal));
  if (signal.aborted) throw interrupted();
  const most = Math.max(...selection.scores);
  const scores = pool.map((evidence, index) => {
    const score = selection.scores[index] ?? 0;
    return holdsCode(evidence) ? score / most : 0;
  });
  return { scores, decidedBy: selection.decidedBy };
}
