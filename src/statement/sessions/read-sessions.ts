import type { Problem } from "../../core/problem.ts";
import { type Doctest, doctestRuns } from "../examples/doctests.ts";
import { parsePythonLiteral } from "../python/literal-text.ts";
import type { MethodOutline } from "./class-outline.ts";
import { fixedFunctions } from "./fixed-functions.ts";
import type { Session, SessionStep } from "./session.ts";
import { usualImports } from "./usual-imports.ts";

/** `x = f(1)`, and no comparison. */
const ASSIGNED = /^([A-Za-z_]\w*)\s*=(?!=)/;
/** `self.users = {..}` or `account1.balance = 700 account2.balance = 300`: what holds after a statement. */
const STATE =
  /([A-Za-z_]\w*(?:\.\w+)+(?:\['\w+'\])?)\s*={1,2}\s*(.+?)(?=\s+[A-Za-z_]\w*(?:\.\w+)+\s*=|\s*$)/g;
const IS_STATE = new RegExp(`^(?:${STATE.source})+$`);

/**
 * The sessions that the docstrings of the starter code show, by method. What the interpreter would not take is mended
 * where there is one way to do it: statements over several lines whose further lines have no mark, objects that come from
 * another docstring or from nowhere, a method called on its class. Needs `loadPythonParser()`; pure text, nothing is run.
 */
export function readSessions(problem: Pick<Problem, "starterCode" | "kind" | "entryPoint">): Session[] {
  const { outlines: methods, library } = fixedFunctions(problem);
  if (library) return methods.flatMap((outline) => functionSession(outline, problem.starterCode));
  const shown = methods.flatMap(({ name, text }) =>
    doctestRuns(text).map((run): Session => ({ method: name, steps: joined(run).map(stepOf) })),
  );
  return shown
    .map((session) => onObjects(session, methods))
    .map((session, _, all) => withMakers(session, all, methods));
}

/** All that a function's docstring shows: its statements share their variables, whatever stands between them. */
function functionSession({ name, text }: MethodOutline, starterCode: string): Session[] {
  const steps = joined(doctestRuns(text).flat()).map(stepOf);
  return steps.length === 0 ? [] : [{ method: name, steps: [...usualImports(steps, starterCode), ...steps] }];
}

/** Joins statements whose brackets are still open with the lines below, whatever they are marked as. */
function joined(run: readonly Doctest[]): Doctest[] {
  const statements: Doctest[] = [];
  let open = "";
  for (const { source, printed } of run) {
    const lines = printed === "" ? [] : printed.split("\n");
    let text = open === "" ? source : `${open}\n${source}`;
    while (isOpen(text) && lines.length > 0) text = `${text}\n${lines.shift() ?? ""}`;
    open = isOpen(text) ? text : "";
    if (open === "" && text !== "") statements.push({ source: text, printed: lines.join("\n") });
  }
  return statements;
}

function isOpen(source: string): boolean {
  let depth = 0;
  for (const sign of withoutStrings(source)) {
    if ("([{".includes(sign)) depth += 1;
    if (")]}".includes(sign)) depth -= 1;
  }
  return depth > 0;
}

function stepOf({ source, printed }: Doctest): SessionStep {
  if (printed === "") return { source };
  const lines = printed.split("\n");
  const at = parsePythonLiteral(printed) === undefined ? lines.findIndex((line) => IS_STATE.test(line)) : -1;
  if (at === -1) return { source, printed };
  const receiver = /^([A-Za-z_]\w*)\./.exec(source)?.[1] ?? "self";
  const states = [...lines.slice(at).join(" ").matchAll(STATE)].flatMap(
    ([, place = "", literal = ""]): [string, string][] =>
      parsePythonLiteral(literal) === undefined ? [] : [[place.replace(/^self\b/, receiver), literal]],
  );
  const above = lines.slice(0, at).join("\n");
  return { source, ...(above !== "" && { printed: above }), states };
}

/** `Class.add(1)` of a method that needs an object gets one. */
function onObjects(session: Session, methods: readonly MethodOutline[]): Session {
  const steps = session.steps.map((step) => {
    let { source } = step;
    for (const { name, bare, bound } of methods) {
      const owner = name.slice(0, -bare.length - 1);
      if (bound && bare !== "__init__" && canBeMade(owner, methods))
        source = source.replace(new RegExp(`(?<![\\w.])${owner}\\.${bare}\\(`, "g"), `${owner}().${bare}(`);
    }
    return { ...step, source };
  });
  return { ...session, steps };
}

/** Puts before a session what makes the objects that it uses: as another docstring does, else without arguments. */
function withMakers(session: Session, all: readonly Session[], methods: readonly MethodOutline[]): Session {
  const assigned = new Set(
    session.steps.flatMap(({ source }) =>
      [...source.matchAll(/(?<![.\w])([A-Za-z_]\w*)\s*(?:,|=(?!=)|\bin\b)/g)].map(([, name]) => name),
    ),
  );
  const makers: SessionStep[] = [];
  const make = (name: string): void => {
    if (assigned.has(name)) return;
    assigned.add(name);
    const source =
      all.flatMap(({ steps }) => steps).find((step) => ASSIGNED.exec(step.source)?.[1] === name)?.source ??
      objectFor(name, session, all, methods);
    if (source === undefined) return;
    for (const other of usedNames(source)) make(other);
    makers.push({ source });
  };
  for (const name of session.steps.flatMap(({ source }) => usedNames(source))) make(name);
  return makers.length === 0 ? session : { ...session, steps: [...makers, ...session.steps] };
}

/** `stack = Stack()` for a name that a method of the class is called on and that nothing makes. */
function objectFor(
  name: string,
  session: Session,
  all: readonly Session[],
  methods: readonly MethodOutline[],
): string | undefined {
  const owner = session.method.slice(0, session.method.lastIndexOf("."));
  const own = methods.filter((method) => method.name.startsWith(`${owner}.`));
  const isUsed = own.some(({ bare }) =>
    session.steps.some(({ source }) => new RegExp(`(?<![\\w.])${name}\\.${bare}\\(`).test(source)),
  );
  if (name === owner || !isUsed) return undefined;
  const shown = all
    .flatMap(({ steps }) => steps)
    .map(({ source }) => source)
    .find((source) => ASSIGNED.test(source) && source.includes(`${owner}(`));
  if (shown !== undefined) return shown.replace(ASSIGNED, `${name} =`);
  return canBeMade(owner, methods) ? `${name} = ${owner}()` : undefined;
}

function canBeMade(owner: string, methods: readonly MethodOutline[]): boolean {
  return methods.every(({ name, required }) => name !== `${owner}.__init__` || required.length === 0);
}

/** Names that stand for values: outside strings, not after a dot, no keyword argument. */
function usedNames(source: string): string[] {
  return [...withoutStrings(source).matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w|\s*=)/g)].map(([name]) => name);
}

function withoutStrings(source: string): string {
  return source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
}
