import type { Claim, Form, Origin, Rule, Sureness, Unread } from "./input-model.ts";
import { indexedNames } from "./form-names.ts";
import { graphClaim } from "./read-graph.ts";
import { lettersOf } from "./letter-set.ts";
import { normalText } from "./mathematics.ts";
import { RuleNames } from "./rule-names.ts";
import { alphabetClaims, proseClaims, sentenceClaims } from "./sentence-claims.ts";
import { sentencesOf } from "./statement-parts.ts";

export interface ReadRules {
  readonly rules: readonly Rule[];
  readonly notUnderstood: readonly Unread[];
}

/** Prose outside the constraints is about much else: only sentences like these are asked. */
const TELLING =
  /[<>]|!=|\bconsist|\b(?:between|from)\b.*\b(?:inclusive|and|to)\b|\bpermutation\b|\b(?:distinct|unique|different)\b|\b(?:sorted|increasing|decreasing|ascending|descending)\b|\b(?:guaranteed|at least|at most|exactly)\b|\bsum of\b|\bmade up of\b|^no \w+ at all\b/i;
/** What is asked for, or done by steps of the problem, is no restriction of the input. */
const TASK =
  /^(?:find|print|return|output|determine|compute|calculate|your task|report|note|if|in one|in each|choose|you (?:can|may|want|have to|must|should|need)|he |she |they |takahashi|alice|bob|a subarray|we |here,|for example|it can be (?:proved|shown|proven)|let )|\?$|\b(?:operations?|returned|answer)\b|\bis (?:called|defined|considered|said)\b/i;

/** The rules that the statement itself tells about names of the form, and what in it was not understood. */
export function statedRules(form: Form, statement: string): ReadRules {
  const indexed = indexedNames(form);
  const names = new RuleNames(form);
  const rules: Rule[] = [];
  const notUnderstood: Unread[] = [];
  const sentences = sentencesOf(statement);
  const hasConstraints = sentences.some(({ part }) => part === "constraints");
  for (const { text, part } of sentences) {
    const isConstraint = part === "constraints";
    if (!isConstraint && (!TELLING.test(text) || (part === "prose" && TASK.test(text.trim())))) continue;
    // Next to a list of constraints, signs in prose belong to the task; alphabets are worth reading.
    const read =
      isConstraint || (part === "input" && !hasConstraints) ? sentenceClaims : part === "prose" ? proseClaims : alphabetClaims;
    const more = /\bthe (\w+) (?:may|can) also (?:hold|contain|include) ([^]*)$/i.exec(text);
    if (more) {
      addLetters(rules, names.scalar(more[1] ?? "")?.name, lettersOf(more[2] ?? ""));
      continue;
    }
    const claims = read(normalText(text, indexed), names);
    if (claims === undefined) {
      if (isConstraint && !isAboutGraphs(text)) notUnderstood.push({ kind: "sentence", text: text.trim() });
      continue;
    }
    const [from, sureness]: [Origin, Sureness] = isConstraint ? ["constraint", "stated"] : ["prose", "likely"];
    rules.push(...claims.filter((claim) => isKnown(claim, names)).map((claim) => ({ claim, from, sureness })));
  }
  const graph = graphClaim(form, statement, rules.map(({ claim }) => claim));
  if (graph) rules.push(...graph);
  return { rules: withoutDuplicates(rules), notUnderstood };
}

/** A letter that one word may hold beside those of all words. */
function addLetters(rules: Rule[], name: string | undefined, letters: string | undefined): void {
  rules.forEach((rule, i) => {
    const { claim } = rule;
    if (claim.kind === "letters" && claim.name === name)
      rules[i] = { ...rule, claim: { ...claim, letters: claim.letters + (letters ?? "") } };
  });
}

function isAboutGraphs(text: string): boolean {
  return /\b(?:given )?graph\b|\btree\b|\bself-loops?\b|\bmulti-?edges?\b|can be reached from each other|travel between any/i.test(text);
}

/** Chains of index variables alone (`1 <= i <= N`) say nothing. */
function isKnown(claim: Claim, names: RuleNames): boolean {
  if (claim.kind !== "chain") return true;
  const parts = claim.parts.flat();
  return parts.some(
    (part) => names.scalar(part) !== undefined || part.endsWith(".length") || names.isList(part) || claim.signs.includes("==") || /[-+*]/.test(part),
  );
}

function withoutDuplicates(rules: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const rule of rules) {
    const key = JSON.stringify(rule.claim);
    if (!found.has(key)) found.set(key, rule);
  }
  return [...found.values()];
}
