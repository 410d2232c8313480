import { availableParallelism } from "node:os";
import { FunprmError } from "../core/errors.ts";
import { bubblewrapLaunch, PRELOAD, unprotectedLaunch } from "./bubblewrap.ts";
import { bubblewrapCheck, findBubblewrap, remedies } from "./diagnose.ts";
import { resolveInterpreter } from "./interpreter.ts";
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
 * Opens the sandbox and tries it once.
 * @throws FunprmError `grading` when candidates cannot be isolated here (the message says how to allow it),
 * `usage` when the interpreter does not run
 */
export async function openSandbox(options: OpenSandboxOptions = {}): Promise<Sandbox> {
  const interpreter = await resolveInterpreter(options.python ?? "python3");
  const preload = [...PRELOAD, ...(options.preload ?? [])];
  const jobs = options.jobs ?? availableParallelism();
  const python = `Python ${interpreter.version}`;
  const isolation = options.unsafe === true ? "no isolation" : "isolated";
  const fingerprint = `${isolation}, ${interpreter.fingerprint}`;
  if (options.unsafe === true) {
    const launch = (worker: number) => unprotectedLaunch({ interpreter, preload, worker });
    return new WorkerPool({ identity: `no isolation, ${python}`, fingerprint, jobs, launch });
  }
  const bwrap = await findBubblewrap();
  if (bwrap === undefined) throw refusal(await bubblewrapCheck());
  const launch = (worker: number) => bubblewrapLaunch(bwrap.path, { interpreter, preload, worker });
  const pool = new WorkerPool({
    identity: `bubblewrap ${bwrap.version}, ${python}`,
    fingerprint,
    jobs,
    launch,
  });
  const trial = await pool.run(TRIAL);
  if (trial.stdout === "here\n") return pool;
  await pool.close();
  throw refusal({
    ok: false,
    detail: trial.cause ?? trial.stderr,
    remedy: await remedies(trial.cause ?? ""),
  });
}

function refusal(check: {
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}): FunprmError {
  return new FunprmError(
    "grading",
    `candidates cannot be isolated on this machine, so none was run: ${check.detail}\n${check.remedy ?? ""}\n` +
      "`funprm doctor` checks again. To run candidates without isolation, with all your rights, pass --unsafe.",
  );
}
