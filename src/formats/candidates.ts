import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { sourceName, type Source } from "./text/bytes.ts";
import { fileDraft, isFolder, readFolder } from "./candidate-folder.ts";
import { parseCandidates, type CandidateOptions, type Draft, type ReadCandidate } from "./candidate-form.ts";
import { parseObject } from "./text/json-text.ts";
import { readRecords } from "./text/json-records.ts";
import { SampleIndices } from "./sample-indices.ts";
import { readText } from "./text/whole-text.ts";

export type { CandidateOptions, ReadCandidate } from "./candidate-form.ts";

/**
 * The candidates of files, streams ("-" is stdin) and folders of .py files, in order, one record in memory at a time.
 * Every form of product.md is recognised. A candidate without a sample index gets the number after the highest so
 * far of its problem and model.
 * Throws FunprmError("input") naming file and line, and for a file or folder that is given twice.
 */
export async function* readCandidates(
  sources: readonly Source[],
  options: CandidateOptions = {},
): AsyncGenerator<ReadCandidate> {
  await refuseTwice(sources);
  const given = new Map<string, SampleIndices>();
  let warned = false;
  const number = (draft: Draft, file: string, line: number): ReadCandidate => {
    const key = JSON.stringify([draft.problemId, draft.model ?? null]);
    const indices = given.get(key) ?? new SampleIndices();
    given.set(key, indices);
    const sampleIndex = draft.sampleIndex ?? indices.next;
    if (!indices.add(sampleIndex) && !warned) {
      warned = true;
      options.onDuplicate?.(duplicate(draft.problemId, sampleIndex, file, line));
    }
    return { ...draft, sampleIndex, file, line };
  };
  for (const source of sources) {
    for await (const { draft, file, line } of readSource(source, options)) yield number(draft, file, line);
  }
}

function duplicate(problemId: string, sampleIndex: number, file: string, line: number): string {
  return (
    `${file}:${line}: problem ${JSON.stringify(problemId)} has sample ${sampleIndex} already; both are kept, and told ` +
    "apart by nothing but their order. Further ones like it are not mentioned."
  );
}

/** Every candidate of a file that is given twice, by a link or another spelling say, would count twice. */
async function refuseTwice(sources: readonly Source[]): Promise<void> {
  const given = new Map<string, string>();
  for (const source of sources) {
    if (typeof source !== "string") continue;
    const found = source === "-" ? undefined : await stat(source).catch(() => undefined);
    // Pipes and devices have nothing left to give when they are read again.
    if (found?.isFile() !== true && found?.isDirectory() !== true) continue;
    const place = `${found.dev}:${found.ino}`;
    const before = given.get(place);
    if (before !== undefined) {
      const as = before === source ? "" : ` as ${before}`;
      throw new FunprmError(
        "input",
        `${source}: expected every file of candidates once, got this one before${as}; its candidates would count twice. Name it once.`,
      );
    }
    given.set(place, source);
  }
}

interface Found {
  readonly draft: Draft;
  readonly file: string;
  readonly line: number;
}

async function* readSource(source: Source, options: CandidateOptions): AsyncGenerator<Found> {
  if (typeof source === "string" && source !== "-") {
    if (await isFolder(source)) {
      for await (const { draft, file } of readFolder(source, options)) yield { draft, file, line: 1 };
      return;
    }
    if (source.endsWith(".py")) {
      const name = basename(source);
      const draft = fileDraft(await readText(source), options.problemId ?? name.slice(0, -3), name);
      yield { draft, file: sourceName(source), line: 1 };
      return;
    }
  }
  for await (const record of readRecords(source)) {
    const fields = parseObject(record.text, `${record.file}:${record.line}`);
    for (const draft of parseCandidates(fields, record, options))
      yield { draft, file: record.file, line: record.line };
  }
}

/** The look-ups `readCandidates` needs, from the problems at hand; ids in other spellings are found too. */
export function candidateOptions(
  problems: ReadonlyMap<string, Problem>,
  onDuplicate: (message: string) => void = () => {},
): CandidateOptions {
  const idOfPrompt = promptFinder([...problems.values()]);
  const only = problems.size === 1 ? [...problems.keys()][0] : undefined;
  return {
    ...(only !== undefined && { problemId: only }),
    promptOf: (id) => {
      const problem = problems.get(id);
      return problem === undefined ? undefined : promptOf(problem);
    },
    entryPointOf: (id) => problems.get(id)?.entryPoint,
    idOfPrompt,
    onDuplicate,
  };
}

/**
 * Finds the problem a prompt belongs to. Editions of HumanEval word their docstrings differently and some of its
 * problems share a name, so: the same function to complete (the last one opened), and of those the closest wording.
 */
function promptFinder(problems: readonly Problem[]): (prompt: string) => string | undefined {
  const known = problems.map((problem) => ({
    id: problem.id,
    text: promptOf(problem),
    name: problem.entryPoint,
  }));
  return (prompt) => {
    const name = [...prompt.matchAll(/^def[ \t]+(\w+)/gm)].at(-1)?.[1];
    const words = wordsOf(prompt);
    const close = known
      .filter((problem) => problem.name !== undefined && problem.name === name)
      .map(({ id, text }) => ({ id, share: overlap(words, wordsOf(text)) }))
      .sort((a, b) => b.share - a.share);
    return close[0]?.id;
  };
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/\w+|[^\w\s]/g));
}

/** Jaccard index, in [0, 1]. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / Math.max(1, a.size + b.size - shared);
}

/** The code that a completion continues; files without starter code state the signature itself. */
function promptOf(problem: Problem): string {
  return problem.starterCode !== "" || problem.kind === "stdin" ? problem.starterCode : problem.statement;
}
