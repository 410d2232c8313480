import { holdsCode, outputSignature, type Pool } from "../../core/evidence.ts";

/** What was seen of one candidate among its rivals, in words: examples, further inputs, large inputs, reading. */
export function choiceFacts(pool: Pool, chosen: number): string[] {
  const rivals = pool.filter(holdsCode);
  return [examplesFact(pool, chosen, rivals), votesFact(pool, chosen, rivals), lastFact(pool, chosen)].flat();
}

function examplesFact(pool: Pool, chosen: number, rivals: Pool): string[] {
  const results = pool[chosen]?.exampleResults ?? [];
  if (results.length === 0) return ["no example of the statement could be run"];
  const passed = results.filter((result) => result === true).length;
  const open = results.filter((result) => result === null).length;
  const best = rivals.filter(({ exampleResults = [] }) => exampleResults.every((result) => result !== false));
  const unsettled = open === 0 ? "" : `, ${open} allow other answers`;
  return [
    `passes ${passed} of ${counted(results.length, "example")}${unsettled}; ${best.length} of ${rivals.length} candidates fail none`,
  ];
}

function votesFact(pool: Pool, chosen: number, rivals: Pool): string[] {
  const answers = pool[chosen]?.probeAnswers;
  const signature = answers && outputSignature(answers);
  if (answers === undefined || answers.length === 0) return ["no further input could be made"];
  const given = answers.filter((answer) => answer !== null).length;
  if (typeof signature !== "string") return [`answers none of ${counted(answers.length, "further input")}`];
  const alike = rivals.filter(
    ({ probeAnswers }) => probeAnswers !== undefined && outputSignature(probeAnswers) === signature,
  );
  return [
    `answers ${given} of ${counted(answers.length, "further input")}; ${alike.length} of ${rivals.length} candidates answer all alike`,
  ];
}

function lastFact(pool: Pool, chosen: number): string[] {
  const { largeInputsAnswered: answered, soundness } = pool[chosen] ?? {};
  if (soundness !== undefined)
    return [soundness === 0 ? "reading finds nothing wrong" : "reading finds something missing or undefined"];
  if (answered === undefined) return [];
  return [`answers ${counted(answered, "large input")} in time`];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
