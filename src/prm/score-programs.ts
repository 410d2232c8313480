import type { ProgramRewards, ScoreRequest } from "../core/scorer.ts";
import type { PrmManifest } from "./manifest.ts";
import { planBatches } from "./plan.ts";
import type { BatchLimits } from "./plan.ts";
import { buildSequences } from "./sequence.ts";
import type { ProgramSequences, TokenSequence } from "./sequence.ts";
import type { Encode } from "./tokenizer.ts";

/** A PRM ready to run. */
export interface LoadedPrm {
  readonly manifest: PrmManifest;
  readonly encode: Encode;
  readonly run: (sequences: readonly TokenSequence[]) => Promise<readonly (readonly number[])[]>;
  readonly limits: BatchLimits;
}

/** From requests to rewards: tokenise, build sequences, run the different ones, put the rewards in their places. */
export async function scorePrograms(
  requests: readonly ScoreRequest[],
  prm: LoadedPrm,
): Promise<{ results: ProgramRewards[]; tokens: number }> {
  const encode = remember(prm.encode);
  const programs = requests.map((request) => sequencesOf(request, prm.manifest, encode));
  const plan = planBatches(
    programs.flatMap(({ sequences }) => sequences),
    prm.limits,
  );

  const rewards: (readonly number[])[] = [];
  let tokens = 0;
  for (const batch of plan.batches) {
    const rows = batch.flatMap((index) => plan.unique[index] ?? []);
    const answers = await prm.run(rows);
    for (const [row, index] of batch.entries()) rewards[index] = answers[row] ?? [];
    for (const { ids } of rows) tokens += ids.length;
  }

  let offset = 0;
  const results = programs.map((program) => {
    const ofSequence = plan.slots
      .slice(offset, offset + program.sequences.length)
      .map((slot) => rewards[slot]);
    offset += program.sequences.length;
    return {
      rewards: program.places.map(({ sequence, reward }) => ofSequence[sequence]?.[reward] ?? NaN),
      truncatedTokens: program.truncatedTokens,
      truncatedCodeTokens: program.truncatedCodeTokens,
    };
  });
  return { results, tokens };
}

function sequencesOf(request: ScoreRequest, manifest: PrmManifest, encode: Encode): ProgramSequences {
  const { beforeStatement, afterStatement, afterCode } = manifest.template;
  return buildSequences(
    {
      statement: encode(beforeStatement + request.statement + afterStatement),
      steps: request.steps.map(encode),
      afterCode: encode(afterCode),
    },
    manifest,
  );
}

/** Candidates of a problem share its statement and often steps; each text is tokenised once. */
function remember(encode: Encode): Encode {
  const known = new Map<string, readonly number[]>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const ids = encode(text);
    known.set(text, ids);
    return ids;
  };
}
