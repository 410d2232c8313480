import type { Problem } from "../../core/problem.ts";
import { functionSteps } from "../../steps/function-steps.ts";
import { partition } from "../../steps/partition.ts";
import { type Doctest, doctestRuns } from "../examples/doctests.ts";
import { parsePythonLiteral } from "../python/literal-text.ts";
import type { Session, SessionStep } from "./session.ts";

/** `x = f(1)`, and no comparison. */
const ASSIGNED = /^([A-Za-z_]\w*)\s*=(?!=)/;
/** `self.users = {..}` or `account1.balance = 700 account2.balance = 300`, what holds after a statement. */
const STATE = /([A-Za-z_]\w*(?:\.\w+)+)\s*={1,2}\s*(.+?)(?=\s+[A-Za-z_]\w*(?:\.\w+)+\s*=|\s*$)/g;

/**
 * The sessions that the docstrings of the starter code show, by method. A session whose object comes from another
 * docstring gets the statements that make it. Needs `loadPythonParser()` to be done; pure text, nothing is run.
 */
export function readSessions({ starterCode }: Pick<Problem, "starterCode">): Session[] {
  const sessions: Session[] = [];
  for (const { kind, name, start, end } of partition(starterCode, functionSteps(starterCode))) {
    if (name === null || kind === "module") continue;
    const text = starterCode.slice(start, end);
    // What stands before the `def` is the class's own docstring, or a decorator.
    const own = text.slice(Math.max(0, text.search(/^[ \t]*(?:async +)?def\b/m)));
    for (const run of doctestRuns(own)) sessions.push({ method: name, steps: run.flatMap(stepOf) });
  }
  return sessions.map((session) => withMakers(session, sessions));
}

function stepOf({ source, printed }: Doctest): SessionStep[] {
  if (source === "") return [];
  const lines = printed === "" ? [] : printed.split("\n");
  if (parsePythonLiteral(printed) !== undefined) return [{ source, printed }];
  const isState = (line: string): boolean => new RegExp(`^(?:${STATE.source})+$`).test(line.trim());
  const at = lines.findIndex(isState);
  if (at === -1) return [lines.length === 0 ? { source } : { source, printed }];
  const receiver = /^([A-Za-z_]\w*)\./.exec(source)?.[1] ?? "self";
  const states = [...lines.slice(at).join(" ").matchAll(STATE)].flatMap(
    ([, place = "", literal = ""]): [string, string][] =>
      parsePythonLiteral(literal) === undefined ? [] : [[place.replace(/^self\b/, receiver), literal]],
  );
  const above = lines.slice(0, at).join("\n");
  return [{ source, ...(above !== "" && { printed: above }), states }];
}

/** Puts before a session the assignments, found in other docstrings, of names that it uses and does not assign. */
function withMakers(session: Session, all: readonly Session[]): Session {
  const assigned = new Set(
    session.steps.flatMap(({ source }) =>
      [...source.matchAll(/([A-Za-z_]\w*)\s*(?:,|=(?!=)|\bin\b)/g)].map(([, name]) => name),
    ),
  );
  const used = new Set(session.steps.flatMap(({ source }) => usedNames(source)));
  const makers: SessionStep[] = [];
  const find = (name: string): void => {
    if (assigned.has(name)) return;
    assigned.add(name);
    const maker = all.flatMap(({ steps }) => steps).find(({ source }) => ASSIGNED.exec(source)?.[1] === name);
    if (maker === undefined) return;
    for (const other of usedNames(maker.source)) find(other);
    makers.push({ source: maker.source });
  };
  for (const name of used) find(name);
  return makers.length === 0 ? session : { ...session, steps: [...makers, ...session.steps] };
}

/** Names that stand for values: outside strings, not after a dot, no keyword argument. */
function usedNames(source: string): string[] {
  const bare = source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
  return [...bare.matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w|\s*=)/g)].map(([name]) => name);
}
