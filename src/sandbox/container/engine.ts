import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A program that starts containers: podman, docker. */
export interface Engine {
  readonly command: "podman" | "docker";
  /** `4.3.1` */
  readonly version: string;
  /** The image's full name. */
  readonly image: string;
  /** Whether the image is there; without it nothing runs. */
  readonly hasImage: boolean;
}

/** What the image is built from: this folder's recipe and the sandbox's Python beside it. */
const CONTEXT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const RECIPE = `${CONTEXT}/container/Containerfile`;
const ANSWER_LIMIT_MS = 30_000;
const DIGITS = 12;

const run = promisify(execFile);

/** Every engine that answers, podman before docker: it needs no daemon and no root. */
export async function findEngines(
  names: readonly Engine["command"][] = ["podman", "docker"],
): Promise<Engine[]> {
  const found = await Promise.all(names.map(findEngine));
  return found.filter((engine) => engine !== undefined);
}

async function findEngine(command: Engine["command"]): Promise<Engine | undefined> {
  const image = imageName();
  try {
    // `version` asks docker's daemon, too; `--version` would not.
    const format = command === "podman" ? "{{.Client.Version}}" : "{{.Server.Version}}";
    const { stdout } = await run(command, ["version", "--format", format], { timeout: ANSWER_LIMIT_MS });
    const hasImage = await answers(command, ["image", "inspect", image]);
    return { command, version: stdout.trim(), image, hasImage };
  } catch {
    return undefined;
  }
}

/** The image of exactly these programs: an older one is never taken for it. */
function imageName(): string {
  const digest = createHash("sha256").update(readFileSync(RECIPE));
  for (const name of readdirSync(`${CONTEXT}/python`).toSorted()) {
    if (name.endsWith(".py")) digest.update(`\0${name}\0`).update(readFileSync(`${CONTEXT}/python/${name}`));
  }
  return `localhost/funprm-sandbox:${digest.digest("hex").slice(0, DIGITS)}`;
}

/** The command that builds the image. */
export function buildCommand({ command, image }: Pick<Engine, "command" | "image">): string {
  return `${command} build -t ${image} -f '${RECIPE}' '${CONTEXT}'`;
}

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, { timeout: ANSWER_LIMIT_MS, maxBuffer: 16 << 20 });
    return true;
  } catch {
    return false;
  }
}
