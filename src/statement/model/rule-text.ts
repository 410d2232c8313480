import type { Claim } from "./input-model.ts";

/** A claim as a line of text, with the names and expressions of the statement. */
export function claimText(claim: Claim): string {
  switch (claim.kind) {
    case "chain":
      return claim.parts.map((part, i) => `${part.join(", ")} ${claim.signs[i] ?? ""}`.trim()).join(" ");
    case "divisible":
      return `${claim.value} % ${claim.by} == ${String(claim.rest)}`;
    case "letters":
      return `${claim.name} has letters of ${claim.letters}`;
    case "words":
      return `${claim.name} is one of ${claim.words.join(", ")}`;
    case "no-leading-zero":
      return `${claim.name} has no leading zeros`;
    case "holds":
      return `${claim.name} holds ${claim.letter} ${amount(claim.least, claim.most)}`;
    case "distinct":
      return `${claim.names.join(", ")} ${claim.names.length > 1 ? "together " : ""}distinct`;
    case "sorted":
      return `${claim.name} ${claim.strict ? "strictly " : ""}${claim.order === 1 ? "ascending" : "descending"}`;
    case "permutation":
      return `${claim.name} is a permutation from ${String(claim.from)}`;
    case "neighbours-differ":
      return `neighbours in ${claim.name} differ`;
    case "graph": {
      const kind = claim.tree ? "tree" : claim.connected ? "connected graph" : "graph";
      const without = [...(claim.loops ? [] : ["loops"]), ...(claim.multiple ? [] : ["repeated edges"])];
      return `${claim.ends.join(" ")} are edges of a ${kind} of ${claim.nodes} nodes from ${String(claim.from)}${without.length > 0 && !claim.tree ? ` without ${without.join(" and ")}` : ""}`;
    }
    case "sum":
      return `the sum of ${claim.name} is at most ${String(claim.most)}`;
    case "rectangular":
      return `the rows of ${claim.name} are equally long`;
    case "same-length":
      return `${claim.names.join(", ")} are equally long`;
  }
}

function amount(least: number, most: number | undefined): string {
  if (most === undefined) return `at least ${String(least)} times`;
  return least === most ? `exactly ${String(least)} times` : `${String(least)} to ${String(most)} times`;
}
