import { evaluate } from "../../inputs/bound-expression.ts";
import type { Known } from "./bounds.ts";
import { shuffle, type Choices, type Profile } from "./profile.ts";
import type { Claim, List } from "../input-model.ts";

/** A greater graph has too few edges in any input of ours to hang together; its nodes are not listed. */
const MOST_NODES = 1_000_000;

/**
 * The edges that a list of rows must have, as pairs of ends; undefined where it is no graph or one without a shape
 * that needs care, whose rows are drawn like others.
 */
export function drawEdges(
  list: List,
  count: number,
  claims: readonly Claim[],
  known: Known,
  profile: Profile,
  choices: Choices,
): (readonly [number, number])[] | undefined {
  const { of } = list;
  if (of.kind !== "row") return undefined;
  const names = of.fields.map((field) => (field.kind === "scalar" ? field.name : ""));
  const graph = claims.find(
    (claim) => claim.kind === "graph" && claim.ends[0] === names[0] && claim.ends[1] === names[1],
  );
  const nodes = graph?.kind === "graph" ? evaluate(graph.nodes, known) : undefined;
  if (graph?.kind !== "graph" || nodes === undefined || (!graph.tree && !graph.connected && graph.multiple))
    return undefined;
  const isLarge = nodes > MOST_NODES;
  if (isLarge && (graph.tree || graph.connected)) return undefined;
  const [first, second] = graph.ends;
  const ordered = claims.some((claim) => claim.kind === "chain" && isOrdered(claim, first, second));
  const inOrder = isLarge ? [] : range(nodes, graph.from);
  const labels = profile.values === "bottom" ? inOrder : shuffle(inOrder, choices);
  const edges: (readonly [number, number])[] = [];
  const seen = new Set<string>();
  const add = (a: number, b: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = `${String(low)} ${String(high)}`;
    if ((a === b && !graph.loops) || (seen.has(key) && !graph.multiple)) return;
    seen.add(key);
    edges.push(ordered || choices.below(2) === 0 ? [low, high] : [high, low]);
  };
  if (graph.tree || graph.connected)
    for (let child = 1; child < nodes && edges.length < count; child++)
      add(labels[parentOf(child, profile, choices)] ?? 0, labels[child] ?? 0);
  const pairs = (nodes * (nodes + (graph.loops ? 1 : -1))) / 2;
  if (!graph.multiple && count > pairs) return undefined;
  for (let attempt = 0; edges.length < count && attempt < 20 * count + 100; attempt++)
    add(graph.from + choices.below(nodes), graph.from + choices.below(nodes));
  return edges.length < count ? undefined : shuffle(edges, choices);
}

function parentOf(child: number, { shape }: Profile, choices: Choices): number {
  if (shape === "chain") return child - 1;
  return shape === "star" ? 0 : choices.below(child);
}

function isOrdered(
  { parts, signs }: Extract<Claim, { kind: "chain" }>,
  first: string,
  second: string,
): boolean {
  const at = parts.findIndex((part) => part.includes(first));
  return at >= 0 && signs[at] === "<" && parts[at + 1]?.includes(second) === true;
}

function range(length: number, from: number): number[] {
  return Array.from({ length }, (_, i) => i + from);
}
