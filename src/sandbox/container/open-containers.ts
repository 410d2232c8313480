import { FunprmError } from "../../core/errors.ts";
import { described } from "../interpreter.ts";
import type { Sandbox } from "../sandbox.ts";
import { WorkerPool } from "../worker-pool.ts";
import { buildCommand, type Engine, findEngines } from "./engine.ts";
import { containerLaunch, imageInterpreter } from "./launch.ts";

const ISOLATIONS = ["bubblewrap", "podman", "docker"] as const;
type Isolation = (typeof ISOLATIONS)[number];

/**
 * What FUNPRM_SANDBOX asks for; undefined: whatever serves.
 * @throws FunprmError `usage` for a name that is none
 */
export function chosenIsolation(): Isolation | undefined {
  const said = process.env["FUNPRM_SANDBOX"] ?? "";
  if (said === "") return undefined;
  const found = ISOLATIONS.find((name) => name === said);
  if (found !== undefined) return found;
  throw new FunprmError(
    "usage",
    `expected FUNPRM_SANDBOX to be ${ISOLATIONS.join(", ")} or empty, got ${JSON.stringify(said)}.`,
  );
}

interface ContainerOptions {
  readonly python?: string;
  readonly jobs: number;
  readonly preload: readonly string[];
  readonly wanted: Isolation | undefined;
}

type Trial = (pool: WorkerPool) => Promise<{ readonly sandbox?: Sandbox; readonly failure?: string }>;

/** Opens the first engine that has the image and runs a program; otherwise says what to do. */
export async function openContainers(
  { python = "python3", jobs, preload, wanted }: ContainerOptions,
  trial: Trial,
): Promise<{ readonly sandbox: Sandbox } | { readonly sandbox?: never; readonly why: string }> {
  const engines = await findEngines(wanted === "podman" || wanted === "docker" ? [wanted] : undefined);
  const failures: string[] = [];
  for (const engine of engines.filter(({ hasImage }) => hasImage)) {
    const interpreter = await imageInterpreter(engine, python);
    const launch = (worker: number) => containerLaunch(engine, { interpreter, preload, worker });
    const about = described(`${engine.command} ${engine.version}`, "isolated", interpreter);
    const { sandbox, failure = "" } = await trial(new WorkerPool({ ...about, jobs, launch }));
    if (sandbox !== undefined) return { sandbox };
    failures.push(`${engine.command} ran no program: ${failure}`);
  }
  return { why: failures.length > 0 ? failures.join("; ") : containerRemedy(engines) };
}

/** Whether an engine is there that has the image; it is not started. */
export async function diagnoseContainers(): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const engines = await findEngines();
  const ready = engines.find(({ hasImage }) => hasImage);
  if (ready === undefined) return { ok: false, detail: containerRemedy(engines).replace(/\.$/, "") };
  return { ok: true, detail: `${ready.command} ${ready.version} with ${ready.image}` };
}

/** How to get a container that isolates. */
function containerRemedy(engines: readonly Engine[]): string {
  const [engine] = engines;
  if (engine === undefined)
    return "install podman or docker (its service must run), then ask `funprm doctor`.";
  return `build the image once with \`${buildCommand(engine)}\`.`;
}
