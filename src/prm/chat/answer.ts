import type { Sample } from "../../llm/llm.ts";
import { withoutReasoning } from "../../reply/reasoning.ts";
import type { ChatManifest } from "./chat-manifest.ts";

/** The two words that the prompt asks for. */
export const ANSWERS = ["Yes", "No"] as const;

/** Log-odds beyond which an answer is no surer: e^-20 is less than any server tells apart. */
const SUREST = 20;

/** The log-odds of Yes against No that a reply's log-probabilities give; undefined where they do not hold both. */
export function logOddsOf({ answers }: Sample): number | undefined {
  const [yes, no] = ANSWERS.map((answer) => answers?.[answer]);
  return yes === undefined || no === undefined ? undefined : bounded(yes - no);
}

/** What a reply says in words: true for Yes; undefined for neither, or both. */
export function voteOf({ text }: Sample): boolean | undefined {
  const words = withoutReasoning(text).text.match(/\b(?:yes|no)\b/gi) ?? [];
  const said = new Set(words.map((word) => word.toLowerCase()));
  return said.size === 1 ? said.has("yes") : undefined;
}

/** Log-odds of votes, as if there had been one more for each answer: few votes are never sure. */
export function logOddsOfVotes(votes: readonly boolean[]): number {
  const yes = votes.filter(Boolean).length;
  return Math.log((yes + 1) / (votes.length - yes + 1));
}

/** The reward that log-odds stand for, by the manifest's Platt scaling. */
export function rewardOf(logOdds: number, { slope, intercept }: ChatManifest["calibration"]): number {
  return 1 / (1 + Math.exp(-(slope * logOdds + intercept)));
}

function bounded(logOdds: number): number {
  return Math.max(-SUREST, Math.min(SUREST, logOdds));
}
