import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import type { Launch, LaunchOptions } from "../bubblewrap.ts";
import { environment, INSIDE, SCRATCH_BYTES, serverArgs, SHARED_MEMORY_BYTES } from "../bubblewrap.ts";
import { askInterpreter, type Interpreter } from "../interpreter.ts";
import type { Engine } from "./engine.ts";

/** User ids that images give to nobody, all below 65,536: a rootless engine has no others. */
const FIRST_UID = 10_000;
const SLOTS = 64;
const PROCESSES = 800;

/**
 * The same as bubblewrap gives, in the words of podman and docker: own pid, net, ipc, uts and mount namespaces, no capabilities, a
 * read-only system, empty scratch folders, a user id of its own for every worker (RLIMIT_NPROC counts by user), the engine's
 * filter of system calls before ours, and PID 1 for the fork server.
 */
function isolationArgs({ command }: Engine, uid: number): string[] {
  const isPodman = command === "podman";
  // podman would give the folder the mode and the files that it has in the image.
  const scratch = `rw,exec,nosuid,nodev,mode=1777${isPodman ? ",notmpcopyup" : ""}`;
  const podmanOnly = isPodman ? ["--read-only-tmpfs=false", "--no-hosts", "--init=false"] : [];
  return [
    ...words(
      "run --rm --interactive --pull never --network none --log-driver none --read-only --cap-drop ALL",
    ),
    ...words(`--security-opt no-new-privileges --hostname sandbox --user ${uid}:${uid} --workdir /tmp`),
    ...words("--ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --ulimit core=0:0"),
    ...words(`--tmpfs /tmp:${scratch},size=${SCRATCH_BYTES} --shm-size ${SHARED_MEMORY_BYTES}`),
    ...podmanOnly,
  ];
}

/** Starts the fork server inside a container. */
export function containerLaunch(engine: Engine, options: LaunchOptions): Launch {
  const name = `funprm-${randomUUID()}`;
  const uid = FIRST_UID + (process.pid % PROCESSES) * SLOTS + (options.worker % SLOTS);
  const variables = Object.entries(environment(options.interpreter)).map(([key, value]) => `${key}=${value}`);
  return {
    command: engine.command,
    args: [
      ...isolationArgs(engine, uid),
      ...words(`--name ${name} --entrypoint env ${engine.image} -i`),
      ...variables,
      options.interpreter.executable,
      ...serverArgs(INSIDE, { isolated: true, uid: null }, options),
    ],
    env: ownEnvironment(),
    files: [],
    isolated: true,
    // The engine's client is not the container: it ends only by its name.
    end: { command: engine.command, args: ["rm", "--force", ...quickly(engine), name] },
  };
}

/**
 * Asks the image's Python about itself.
 * @throws FunprmError `usage` when it does not run
 */
export async function imageInterpreter(engine: Engine, python: string): Promise<Interpreter> {
  const args = [...isolationArgs(engine, FIRST_UID), "--entrypoint", python, engine.image];
  return askInterpreter(engine.command, args, `${python} of the image ${engine.image}`);
}

/** Removes a container at once, not after the ten seconds that a polite end is given. */
function quickly({ command }: Engine): string[] {
  return command === "podman" ? ["--time", "0"] : [];
}

/** The client finds its daemon, its storage and its settings by the environment; nothing of it goes into a container. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Runs a launch's end. It never rejects: a container that is gone already is what was wanted. */
export async function runEnd({ command, args }: NonNullable<Launch["end"]>): Promise<void> {
  await promisify(execFile)(command, args, { timeout: 30_000 }).catch(() => undefined);
}

function words(text: string): string[] {
  return text.split(" ");
}
