import { availableParallelism } from "node:os";
import { FunprmError } from "../core/errors.ts";
import { bubblewrapLaunch, PRELOAD, unprotectedLaunch } from "./bubblewrap.ts";
import { chosenIsolation, openContainers } from "./container/open-containers.ts";
import { bubblewrapCheck, type Check, findBubblewrap, remedies } from "./diagnose.ts";
import { described, resolveInterpreter } from "./interpreter.ts";
import type { Job, Sandbox } from "./sandbox.ts";
import { DEFAULT_LIMITS } from "./sandbox.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface OpenSandboxOptions {
  /** Path or name of the Python that runs candidates, with its libraries. Default: `python3`. */
  readonly python?: string;
  /** Runs at once. Default: the machine's cores. */
  readonly jobs?: number;
  /** Modules loaded once, before any fork, besides the standard ones; `numpy` makes every fork of a numpy run cheaper. */
  readonly preload?: readonly string[];
  /** Run candidates without isolation, with this user's rights. Default: false. */
  readonly unsafe?: boolean;
}

const TRIAL: Job = {
  kind: "script",
  code: "print(input())",
  prelude: "",
  stdin: "here\n",
  limits: DEFAULT_LIMITS,
};

/**
 * Opens the sandbox and tries it once: bubblewrap where it serves, a container of podman or docker elsewhere.
 * @throws FunprmError `grading` when candidates cannot be isolated here (the message says how to allow it),
 * `usage` when the interpreter does not run
 */
export async function openSandbox(options: OpenSandboxOptions = {}): Promise<Sandbox> {
  const jobs = options.jobs ?? availableParallelism();
  const preload = [...PRELOAD, ...(options.preload ?? [])];
  if (options.unsafe === true) return openUnprotected({ ...options, jobs, preload });
  const wanted = chosenIsolation();
  const opened =
    wanted === undefined || wanted === "bubblewrap"
      ? await openBubblewrap({ ...options, jobs, preload })
      : refused({ ok: false, detail: `FUNPRM_SANDBOX asks for ${wanted}` });
  if (opened.sandbox !== undefined) return opened.sandbox;
  if (wanted === "bubblewrap") throw refusal(opened.check);
  const inContainers = await openContainers({ ...options, jobs, preload, wanted }, tried);
  if (inContainers.sandbox !== undefined) return inContainers.sandbox;
  throw refusal(opened.check, inContainers.why);
}

interface Opening extends OpenSandboxOptions {
  readonly jobs: number;
  readonly preload: readonly string[];
}

/** A sandbox, or what stands in its way. */
type Opened =
  | { readonly sandbox: Sandbox; readonly check?: never }
  | { readonly sandbox?: never; readonly check: Omit<Check, "name"> };

function refused(check: Omit<Check, "name">): Opened {
  return { check };
}

async function openUnprotected({ python, jobs, preload }: Opening): Promise<Sandbox> {
  const interpreter = await resolveInterpreter(python ?? "python3");
  const launch = (worker: number) => unprotectedLaunch({ interpreter, preload, worker });
  return new WorkerPool({ ...described("no isolation", "no isolation", interpreter), jobs, launch });
}

async function openBubblewrap({ python, jobs, preload }: Opening): Promise<Opened> {
  const bwrap = await findBubblewrap();
  if (bwrap === undefined) return refused(await bubblewrapCheck());
  const interpreter = await resolveInterpreter(python ?? "python3");
  const launch = (worker: number) => bubblewrapLaunch(bwrap.path, { interpreter, preload, worker });
  const about = described(`bubblewrap ${bwrap.version}`, "isolated", interpreter);
  const { sandbox, failure } = await tried(new WorkerPool({ ...about, jobs, launch }));
  if (sandbox !== undefined) return { sandbox };
  return refused({ ok: false, detail: failure, remedy: await remedies(failure) });
}

/** The pool when it runs a program, else closed, and what it said. */
async function tried(
  pool: WorkerPool,
): Promise<{ sandbox: Sandbox; failure?: never } | { sandbox?: never; failure: string }> {
  const trial = await pool.run(TRIAL);
  if (trial.stdout === "here\n") return { sandbox: pool };
  await pool.close();
  return { failure: trial.cause ?? trial.stderr };
}

function refusal(check: Omit<Check, "name">, containers?: string): FunprmError {
  const otherwise = containers === undefined ? "" : `Or let a container do it: ${containers}\n`;
  return new FunprmError(
    "grading",
    `candidates cannot be isolated on this machine, so none was run: ${check.detail}\n${check.remedy ?? ""}\n${otherwise}` +
      "`funprm doctor` checks again. To run candidates without isolation, with all your rights, pass --unsafe.",
  );
}
