import { codePointOffsets } from "../../steps/index.ts";
import type { LabelledProgram } from "./collect-lines.ts";

/**
 * A line of `collect --steps line`: a program with the label of every line, 0 for comments. Offsets count characters of
 * `code`; `k` of `K` completions passed before the search stopped, where a prefix was completed.
 */
export function labelRecord(labelled: LabelledProgram, by: Readonly<Record<string, unknown>>): string {
  const { program, passed, labels, probes, rejected, unjudged } = labelled;
  const { candidate, code, lines, ofCode } = program;
  const place = new Map(ofCode.map((at, line) => [at, line]));
  const ends = codePointOffsets(
    code,
    lines.map(({ end }) => end),
  );
  const firstLost = labels.indexOf(-1);
  const lost = passed === false && firstLost !== -1 ? lines[ofCode[firstLost] ?? -1] : undefined;
  return JSON.stringify({
    problem_id: candidate.problemId,
    sample_index: candidate.sampleIndex,
    ...(candidate.model !== undefined && { model: candidate.model }),
    code,
    passed,
    line_of_no_return: lost?.endLine ?? null,
    lines: lines.map(({ index, complete }, at) => {
      const line = place.get(index);
      const probe = line === undefined ? undefined : probes[line];
      return {
        start: at === 0 ? 0 : ends[at - 1],
        end: ends[at],
        complete,
        label: line === undefined ? 0 : (labels[line] ?? null),
        ...(probe !== undefined && { k: probe.k, K: probe.K }),
      };
    }),
    completions: probes.reduce((sum, probe) => sum + (probe?.K ?? 0), 0),
    rejected,
    unjudged,
    by,
  });
}
