import type { Problem } from "../../core/problem.ts";
import { type BenchCandidate, type BenchProblem, keyOf } from "../bench-pool.ts";

/** Candidates that are chosen among together. */
export interface Group {
  /** The problem's id; with the sampler's name where a view holds a problem several times. */
  readonly id: string;
  readonly problem: Problem;
  /** By sample index, equal ones in an order that says nothing of the sampler. */
  readonly candidates: readonly BenchCandidate[];
}

/** Folders of views below a run's, in `View.folder`. */
export const BY_SAMPLER = "by-sampler";
export const POOLED = "pooled";

/** One way to look at a pool: what is chosen among, and how the result is called. */
export interface View {
  /** Folder below the run's; "" is the run's own. */
  readonly folder: string;
  /** What it shows after the run's title; "" for the only view. */
  readonly name: string;
  readonly groups: readonly Group[];
  readonly notes: readonly string[];
}

export interface ViewOptions {
  /** A view a sampler, and the main one chooses within samplers. Otherwise all candidates of a problem are one group. */
  readonly bySampler: boolean;
  /** Also the view that chooses among all samplers' candidates. */
  readonly pooled: boolean;
}

/**
 * The views of a pool, the main one first. Comparing within one sampler is the rule: samplers differ in strength, and
 * whatever recognises a sampler looks better than it is. Samplers with one candidate a problem leave nothing to choose.
 */
export function viewsOf(problems: readonly BenchProblem[], options: ViewOptions): View[] {
  const samplers = [
    ...new Set(problems.flatMap(({ candidates }) => candidates.map(({ sampler }) => sampler))),
  ];
  const bySampler = samplers.map((sampler) => ({ sampler, groups: groupsOf(problems, sampler) }));
  const choosing = bySampler.filter(({ groups }) => groups.some(({ candidates }) => candidates.length > 1));
  const pooled: View = { folder: "", name: "", groups: groupsOf(problems), notes: [] };
  if (!options.bySampler || samplers.length < 2 || choosing.length === 0) return [pooled];

  const single = bySampler.filter((each) => !choosing.includes(each)).map(({ sampler }) => sampler);
  const notes = [
    ...(single.length === 0
      ? []
      : [`Left out, because they have one candidate a problem: ${single.join(", ")}.`]),
    "Every row is a problem with the candidates of one sampler; intervals resample problems, McNemar's test counts rows.",
  ];
  const stacked: View = {
    folder: "",
    name: `within each of ${choosing.length} samplers`,
    groups: stack(problems, choosing),
    notes,
  };
  const each = choosing.map(({ sampler, groups }) => ({
    folder: `${BY_SAMPLER}/${folderName(sampler, samplers)}`,
    name: sampler,
    groups,
    notes: [],
  }));
  const all: View = {
    ...pooled,
    folder: POOLED,
    name: `${samplers.length} samplers pooled`,
    notes: ["Samplers differ in strength: what recognises a sampler looks better here than it is."],
  };
  const main =
    choosing.length === 1 ? each.map((view) => ({ ...view, folder: "", notes })) : [stacked, ...each];
  return options.pooled ? [...main, all] : main;
}

function groupsOf(problems: readonly BenchProblem[], sampler?: string): Group[] {
  return problems.flatMap(({ problem, candidates }) => {
    const own = candidates
      .filter((candidate) => sampler === undefined || candidate.sampler === sampler)
      .toSorted((a, b) => a.sampleIndex - b.sampleIndex || compareText(a.codeSha256, b.codeSha256));
    return own.length === 0 ? [] : [{ id: problem.id, problem, candidates: own }];
  });
}

/** Problem by problem, within it sampler by sampler. */
function stack(
  problems: readonly BenchProblem[],
  samplers: readonly { readonly sampler: string; readonly groups: readonly Group[] }[],
): Group[] {
  const named = samplers.map(({ sampler, groups }) => ({
    sampler,
    byProblem: new Map(groups.map((group) => [group.problem.id, group])),
  }));
  return problems.flatMap(({ problem }) =>
    named.flatMap(({ sampler, byProblem }) => {
      const group = byProblem.get(problem.id);
      return group === undefined ? [] : [{ ...group, id: `${problem.id} [${sampler}]` }];
    }),
  );
}

/** File systems take 255 bytes; a field that tells samplers apart may hold any text. */
const LONGEST_NAME = 100;

/** A name that every file system takes; different samplers get different ones. */
function folderName(sampler: string, samplers: readonly string[]): string {
  const plain = (name: string): string =>
    name
      .replace(/[^\w.+-]+/g, "_")
      .replace(/^\.+/, "")
      .slice(0, LONGEST_NAME);
  const name = plain(sampler);
  const clash = name === "" || samplers.some((other) => other !== sampler && sameFile(plain(other), name));
  return clash ? `${name}-${keyOf(sampler).slice(0, 6)}` : name;
}

function sameFile(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
