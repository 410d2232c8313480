import { derivedNames } from "../draw/bounds.ts";
import { namesOfExpression } from "../environment.ts";
import type { Claim, Form, Origin, Rule, Sureness, Unread } from "../input-model.ts";
import { columnNames, indexedNames, listsOf, scalarsOf } from "../form-names.ts";
import { graphRules } from "./graph.ts";
import { lettersOf } from "./letter-set.ts";
import { normalText } from "./mathematics.ts";
import { RuleNames } from "../rule-names.ts";
import { alphabetClaims, proseClaims, sentenceClaims } from "../claims/sentence-claims.ts";
import { claimText } from "../rule-text.ts";
import { sentencesOf, type Sentence } from "./statement-parts.ts";

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
  const names = new RuleNames(form);
  const rules: Rule[] = [];
  const notUnderstood: Unread[] = [];
  for (const { text, part, claims } of sentenceReadings(form, statement, names, rules)) {
    const isConstraint = part === "constraints";
    if (claims === undefined && isConstraint && !isAboutGraphs(text))
      notUnderstood.push({ kind: "sentence", text });
    const [from, sureness]: [Origin, Sureness] = isConstraint
      ? ["constraint", "stated"]
      : ["prose", "likely"];
    for (const claim of claims ?? []) if (isKnown(claim, names)) rules.push({ claim, from, sureness });
  }
  const known = knownNames(form, rules);
  const kept = rules.filter(({ claim }) => expressionsOf(claim).every((name) => known.has(name)));
  for (const rule of rules)
    if (!kept.includes(rule)) notUnderstood.push({ kind: "sentence", text: claimText(rule.claim) });
  const graph = graphRules(
    form,
    statement,
    kept.map(({ claim }) => claim),
  );
  return { rules: withoutDuplicates([...kept, ...graph]), notUnderstood };
}

interface Reading extends Sentence {
  /** undefined: it says something that was not understood. */
  readonly claims: readonly Claim[] | undefined;
}

/** `rules` are those read so far: a sentence may add letters to them. */
function* sentenceReadings(
  form: Form,
  statement: string,
  names: RuleNames,
  rules: Rule[],
): Generator<Reading> {
  const indexed = indexedNames(form);
  const columns = columnNames(form);
  const sentences = sentencesOf(statement);
  const hasConstraints = sentences.some(({ part }) => part === "constraints");
  for (const sentence of sentences) {
    const { part } = sentence;
    const text = sentence.text.trim();
    if (part !== "constraints" && (!TELLING.test(text) || (part === "prose" && TASK.test(text)))) continue;
    const more = /\bthe (\w+) (?:may|can) also (?:hold|contain|include) ([^]*)$/i.exec(text);
    if (more) {
      addLetters(rules, names.scalar(more[1] ?? "")?.name, lettersOf(more[2] ?? ""));
      continue;
    }
    // Next to a list of constraints, signs in prose belong to the task; alphabets are worth reading.
    const isRule = part === "constraints" || (part === "input" && !hasConstraints);
    const read = isRule ? sentenceClaims : part === "prose" ? proseClaims : alphabetClaims;
    yield { text, part, claims: read(normalText(text, indexed, columns), names) };
  }
}

/** Names that a rule may use: those of the form, lengths, indices, and names that equal a length. */
function knownNames(form: Form, rules: readonly Rule[]): ReadonlySet<string> {
  const scalars = scalarsOf(form).map(({ name }) => name);
  const lists = listsOf(form).map(({ name }) => name);
  const chains = rules.flatMap(({ claim }) => (claim.kind === "chain" ? [claim] : []));
  return new Set([
    ...scalars,
    ...[...scalars, ...lists, ...lists.map((name) => `${name}[]`)].map((name) => `${name}.length`),
    ...derivedNames(chains, new Set(scalars)),
    "i",
    "j",
  ]);
}

function expressionsOf(claim: Claim): string[] {
  if (claim.kind === "chain") return claim.parts.flat().flatMap(namesOfExpression);
  return claim.kind === "divisible" ? [claim.value, claim.by].flatMap(namesOfExpression) : [];
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
  return /\b(?:given )?graph\b|\btree\b|\bself-loops?\b|\bmulti-?edges?\b|can be reached from each other|travel between any/i.test(
    text,
  );
}

/** Chains of index variables alone (`1 <= i <= N`) say nothing. */
function isKnown(claim: Claim, names: RuleNames): boolean {
  if (claim.kind !== "chain") return true;
  const parts = claim.parts.flat();
  return parts.some(
    (part) =>
      names.scalar(part) !== undefined ||
      part.endsWith(".length") ||
      names.isList(part) ||
      claim.signs.includes("==") ||
      /[-+*]/.test(part),
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
