import type { ProgramRewards, ScoreRequest } from "../../core/scorer.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import type { Rewarder } from "./rewarder.ts";
import { buildSequences } from "../tokens/sequence.ts";
import type { ProgramSequences } from "../tokens/sequence.ts";
import type { Encode } from "../tokens/tokenizer.ts";

/** A PRM ready to run. */
export interface LoadedPrm {
  /** With the template that its tokenizer gave. */
  readonly manifest: PrmManifest;
  readonly encode: Encode;
  readonly reward: Rewarder["reward"];
}

/** From requests to rewards: tokenise, build sequences, run them, put the rewards in their places. */
export async function scorePrograms(
  requests: readonly ScoreRequest[],
  prm: LoadedPrm,
): Promise<{ results: ProgramRewards[]; tokens: number }> {
  const encode = remember(prm.encode);
  const programs = requests.map((request) => sequencesOf(request, prm.manifest, encode));
  const { rewards, tokens } = await prm.reward(programs.flatMap(({ sequences }) => sequences));
  let offset = 0;
  const results = programs.map((program) => {
    const ofSequence = rewards.slice(offset, offset + program.sequences.length);
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
