import type { Claim, Form, List, Rule, Scalar } from "../input-model.ts";
import { listsOf } from "../form-names.ts";
import { withoutMarkup } from "./mathematics.ts";

type Chain = Extract<Claim, { kind: "chain" }>;

/**
 * Rows with two ends bounded by the same name are the edges of a graph when the statement speaks of one: what it says
 * about it (tree, connected, simple), and what that means for the number of rows.
 */
export function graphRules(form: Form, statement: string, claims: readonly Claim[]): Rule[] {
  const text = withoutMarkup(statement).toLowerCase();
  if (!/\bgraph\b|\btree\b|\bedges?\b|\broads?\b|\bbridges?\b|\bvert(?:ex|ices)\b/.test(text)) return [];
  const chains = claims.filter((claim) => claim.kind === "chain");
  for (const list of listsOf(form)) {
    const ends = endsOf(list);
    const nodes = ends && nodesOf(ends, chains);
    if (ends === undefined || nodes === undefined || list.scope === true) continue;
    const tree =
      /\b(?:graph|edges?|input|it|they|roads?)\b[^.\n]{0,60}\b(?:is|are|form|forms|represents?) an? (?:valid |undirected |rooted )*tree\b|-vertex tree\b|\btree with \S+ (?:vertices|nodes)|valid tree/.test(
        text,
      );
    const simple = /\bsimple\b[^.\n]{0,30}\bgraph\b|\bgraph\b[^.\n]{0,30}\bsimple\b/.test(text);
    const noLoops =
      simple ||
      /no self-?\s?loops?|without self-?\s?loops|does not contain self/.test(text) ||
      differ(ends, chains);
    const noMultiple =
      simple ||
      /no (?:self-?loops? (?:or|and|nor) )?(?:multi-?\s?(?:ple )?edges?|multiple edges|duplicate edges|repeated (?:edges|roads))|without multi/.test(
        text,
      );
    const connected =
      /\b(?:graph|it|network)\b[^.\n]{0,40}\bconnected\b|connected (?:undirected |simple |weighted )*graph|can be reached from each other|travel between any|path between (?:any|every)/.test(
        text,
      ) && !/not (?:necessarily )?(?:be )?connected/.test(text);
    const [first, second] = ends;
    const claim: Claim = {
      kind: "graph",
      ends: [first.name, second.name],
      nodes: nodes.high,
      from: nodes.from,
      tree,
      connected,
      loops: !tree && !noLoops,
      multiple: !tree && !noMultiple,
    };
    const count = list.count ?? `${list.name}.length`;
    const bounds: Claim[] = [
      ...(tree && count !== `${nodes.high}-1` ? [equal(count, `${nodes.high}-1`)] : []),
      ...(connected && !tree ? [atMost(`${nodes.high}-1`, count)] : []),
      ...(claim.multiple || tree ? [] : [atMost(count, `${nodes.high}*(${nodes.high}-1)/2`)]),
    ];
    return [claim, ...bounds].map((each) => ({ claim: each, from: "prose", sureness: "likely" }));
  }
  return [];
}

function endsOf({ of, separator }: List): readonly [Scalar, Scalar] | undefined {
  if (of.kind !== "row" || separator !== "\n") return undefined;
  const [first, second] = of.fields;
  if (first?.kind !== "scalar" || second?.kind !== "scalar") return undefined;
  return first.type === "integer" && second.type === "integer" ? [first, second] : undefined;
}

/** `1 <= u, v <= N`: the name that counts the nodes. */
function nodesOf(
  ends: readonly Scalar[],
  chains: readonly Chain[],
): { high: string; from: 0 | 1 } | undefined {
  const found = ends.map(({ name }) => {
    for (const { parts, signs } of chains) {
      const at = parts.findIndex((part) => part.includes(name));
      const high = parts.at(-1)?.[0] ?? "";
      const low = parts[0]?.[0] ?? "";
      if (at < 0 || at === parts.length - 1 || !/^[A-Za-z]\w*(?: ?- ?1)?$/.test(high)) continue;
      const strict = signs.at(-1) === "<";
      if (low === "1" && /^\w+$/.test(high) && !strict) return { high, from: 1 as const };
      if (low === "0" && (strict || high.includes("-")))
        return { high: high.replace(/ ?- ?1$/, ""), from: 0 as const };
    }
    return undefined;
  });
  const [first, second] = found;
  return first && second && first.high === second.high ? first : undefined;
}

function differ([first, second]: readonly [Scalar, Scalar], chains: readonly Chain[]): boolean {
  return chains.some(({ parts, signs }) => {
    const at = parts.findIndex((part) => part.includes(first.name));
    const other = parts.findIndex((part) => part.includes(second.name));
    if (at < 0 || other < 0 || at === other) return false;
    return signs
      .slice(Math.min(at, other), Math.max(at, other))
      .some((sign) => sign === "!=" || sign === "<");
  });
}

function equal(left: string, right: string): Claim {
  return { kind: "chain", parts: [[left], [right]], signs: ["=="] };
}

function atMost(left: string, right: string): Claim {
  return { kind: "chain", parts: [[left], [right]], signs: ["<="] };
}
