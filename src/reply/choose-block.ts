/** Which blocks of a reply are the program. */
import { plainCode } from "./characters.ts";
import {
  type Answers,
  definesOnly,
  freeNames,
  isProgram,
  readsInput,
  topLevelNames,
  wordsOf,
} from "./definitions.ts";
import { segments, segmentText, type Segment } from "./fences.ts";
import { looksLikePython } from "./python-text.ts";
import { typedCode } from "./transcript.ts";

export interface Chosen {
  readonly code: string;
  /** The block ends with the reply, without a closing fence. */
  readonly isOpen: boolean;
}

interface Block {
  readonly part: Segment;
  readonly code: string;
  /** By which it is compared with others, the first difference deciding. */
  readonly rank: readonly number[];
}

/** Fewer lines outside of all fences are a remark: a class header that the block then spells out. */
const MIN_LINES_OUTSIDE = 3;
const PYTHON_INFO = /^\{?\.?(?:python|py|python3|py3|cpython|ipython|pycon|sage)\b/;
/** Said before code that is there to be compared with. */
const ASIDE = /\b(?:brute[- ]?force|naive|generator|stress|checker|cross-check|for comparison)\b/i;
const NO_ASIDE =
  /\b(?:final|fixed|correct(?:ed)?|optimi[sz]ed|instead|improved|efficient|better|faster|avoid(?:s|ing)?)\b/i;

/**
 * Of the blocks that read as Python the one that answers the problem, is not there for comparison, is closed and is a program; of
 * several the last, the author's final word. What it takes from blocks that only define something comes before it.
 */
export function chooseBlock(text: string, answers: Answers): Chosen | undefined {
  const blocks = segments(text).flatMap((part) => {
    const code = plainCode(typedCode(segmentText(text, part)));
    return isCandidate(part, code) ? [{ part, code, rank: rankOf(part, code, text, answers) }] : [];
  });
  const [best] = blocks.toSorted((a, b) => compare(b.rank, a.rank) || b.part.start - a.part.start);
  if (best === undefined) return undefined;
  return { code: joined(best, blocks, answers), isOpen: !best.part.closed && best.part.info !== null };
}

/** Blocks of other languages and of outputs are none, whatever they are labelled, and prose between blocks is none. */
function isCandidate(part: Segment, code: string): boolean {
  if (code.trim() === "") return false;
  if (part.info !== null && PYTHON_INFO.test(part.info)) return true;
  return looksLikePython(code) && (part.info !== null || linesOfCode(code) >= MIN_LINES_OUTSIDE);
}

function rankOf(part: Segment, code: string, text: string, answers: Answers): number[] {
  const before = text
    .slice(Math.max(0, part.start - 400), part.start)
    .trimEnd()
    .split("\n");
  const said = before.slice(0, -1).findLast((line) => line.trim() !== "") ?? "";
  return [
    part.info === null || part.info === "" || PYTHON_INFO.test(part.info),
    answers(code),
    !ASIDE.test(said) || NO_ASIDE.test(said),
    part.closed,
    isProgram(code),
    part.info !== null,
  ].map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i === -1 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

/** The block with those that it needs, in the reply's order. */
function joined(best: Block, blocks: readonly Block[], answers: Answers): string {
  const others = blocks.filter((block) => block !== best && block.part.info !== null);
  const texts = new Map(blocks.map((block) => [block, wordsOf(block.code)]));
  const words = (block: Block): string => texts.get(block) ?? "";
  const whole =
    others.length === 0
      ? ""
      : [...others, best]
          .toSorted((a, b) => a.part.start - b.part.start)
          .map(({ code }) => code)
          .join("\n");
  // No block alone is an answer, and all together are: a class whose methods are given one after the other.
  if (answers(best.code) === 0 && answers(whole) === 2) return whole;
  const used = new Set([best]);
  for (let block: Block | undefined = best; block !== undefined;) {
    const provided = new Set([...used].flatMap((each) => [...topLevelNames(words(each))]));
    const needed = new Set(
      [...used].flatMap((each) => [...freeNames(words(each))]).filter((name) => !provided.has(name)),
    );
    block = others.findLast((other) => {
      if (used.has(other) || answers(other.code) === 2 || !definesOnly(words(other))) return false;
      if ([...freeNames(words(other))].some((name) => topLevelNames(words(best)).has(name))) return false;
      return [...topLevelNames(words(other))].some((name) => needed.has(name));
    });
    if (block !== undefined) used.add(block);
  }
  const start = others.find(
    (other) => other.part.start > best.part.start && starts(words(other), words(best), best.code),
  );
  if (start !== undefined) used.add(start);
  return used.size === 1
    ? best.code
    : [...used]
        // What is needed comes first, even where the reply says it later; the start comes last.
        .toSorted(
          (a, b) =>
            Number(a === start) - Number(b === start) ||
            Number(a === best) - Number(b === best) ||
            a.part.start - b.part.start,
        )
        .map(({ code }) => code)
        .join("\n");
}

/** Whether a block does nothing but call what the program defines and never calls: `if __name__ == "__main__": main()`. */
function starts(words: string, program: string, code: string): boolean {
  if (!readsInput(code) || !definesOnly(program)) return false;
  const names = topLevelNames(program);
  const lines = words.split("\n").filter((line) => line.trim() !== "");
  const isStart = lines.every((line) =>
    /^(?:if[ \t]+__name__\b.*|[ \t]*\w+\([ \t]*\)[ \t]*|[ \t]*sys\.\w+\(.*\)[ \t]*)$/.test(line),
  );
  return (
    isStart && lines.some((line) => [...line.matchAll(/(\w+)\(/g)].some(([, name]) => names.has(name ?? "")))
  );
}

function linesOfCode(code: string): number {
  return code.split("\n").filter((line) => /^\s*[^\s#]/.test(line)).length;
}
