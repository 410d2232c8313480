import { EXIT_CODE, FunprmError } from "../../../core/errors.ts";
import { apiKeyIn } from "../../../http/endpoint.ts";
import { listModels } from "../../../llm/list-models.ts";
import { openScorer } from "../../../prm/open-scorer.ts";
import { PRM_API_KEY_ENV } from "../../../prm/remote/remote-scorer.ts";
import { hubSettings } from "../../../hub/settings.ts";
import { resolvePrm } from "../../../prm/manifest/resolve.ts";
import { diagnoseContainers } from "../../../sandbox/container/open-containers.ts";
import { diagnoseSandbox } from "../../../sandbox/diagnose.ts";
import type { Invocation } from "../../command.ts";
import { openSplitter } from "../../../solve/open-prm.ts";
import { type Options, readOptions } from "../../../settings/options.ts";
import { withOutput } from "../../../console/output.ts";

/** One thing a user's machine must have, or may have. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "missing" | "broken";
  /** What was found; how to mend it when it is not ok. */
  readonly detail: string;
  /** What does not work without it; absent: nothing that was asked for needs it. */
  readonly neededBy?: string;
}

const PROBE = "def main():\n    print(sum(map(int, input().split())))\n\n\nmain()\n";
const EVERYTHING = "every command";
const RUNNING = "solve to choose, and by grade";
const MARK = { ok: "ok     ", missing: "missing", broken: "BROKEN " };

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const checks = [
    checkNode(),
    checkSplitter(),
    checkModel(options),
    ...sandboxChecks(options),
    checkApi(options),
  ];
  const toMend: string[] = [];
  await withOutput(options.out, async (output) => {
    for (const pending of checks) {
      const { name, state, detail, neededBy } = await pending;
      const needed = state === "ok" || neededBy === undefined ? "" : `; needed by ${neededBy}`;
      if (needed !== "") toMend.push(name);
      await output.write(`${MARK[state]} ${name}: ${detail}${needed}\n`);
    }
    await output.write(
      toMend.length === 0
        ? "\nEverything is there that solve needs to choose among candidates.\n"
        : `\nTo be mended: ${toMend.join(", ")}.\n`,
    );
  });
  return toMend.length > 0 ? EXIT_CODE.usage : 0;
}

async function checkNode(): Promise<Check> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const detail = enough ? process.versions.node : `${process.versions.node}; install Node 20.19 or later`;
  return { name: "Node", state: enough ? "ok" : "broken", detail, neededBy: EVERYTHING };
}

async function checkSplitter(): Promise<Check> {
  return attempt("parser", EVERYTHING, async () => {
    const steps = (await openSplitter("function"))(PROBE);
    return `tree-sitter splits a program into ${steps.length} step`;
  });
}

async function checkModel(options: Options): Promise<Check> {
  return attempt("PRM", "rank, score, bench and --prm", async () => {
    const folder = await resolvePrm(options.prm, { hub: hubSettings(process.env) });
    const scorer = await openScorer(folder, { remote: { apiKey: process.env[PRM_API_KEY_ENV] } });
    try {
      const [answer] = await scorer.score([{ statement: "Add two numbers.", steps: [PROBE] }]);
      const reward = answer?.rewards[0]?.toFixed(4);
      const { name, sha256 } = scorer.identity;
      return `${name} (sha256 ${sha256.slice(0, 12)}); a probe program gets ${reward}`;
    } finally {
      await scorer.close();
    }
  });
}

/** What solve needs to choose and grade to judge; ranking by a PRM does without. A container does where bubblewrap cannot. */
function sandboxChecks(options: Options): Promise<Check>[] {
  const found = diagnoseSandbox({ python: options.python });
  const container = found.then(async (checks) =>
    checks.slice(0, 2).every(({ ok }) => ok) ? undefined : diagnoseContainers(),
  );
  const checks = ["bubblewrap", "namespaces", "Python"].map(async (name, i): Promise<Check> => {
    const check = (await found)[i];
    if (check === undefined) return { name, state: "missing", detail: "not checked", neededBy: RUNNING };
    const detail = check.ok
      ? check.detail
      : `${check.detail}. ${check.remedy ?? ""}`.trim().replace(/\.$/, "");
    const state = check.ok ? "ok" : "missing";
    const isReplaced = (await container)?.ok === true;
    return { name: check.name, state, detail, ...(isReplaced ? {} : { neededBy: RUNNING }) };
  });
  const inPlace = container.then((check): Check => {
    const name = "container";
    if (check === undefined) return { name, state: "ok", detail: "not needed, bubblewrap is there" };
    return { name, state: check.ok ? "ok" : "missing", detail: check.detail };
  });
  return [...checks, inPlace];
}

/** Asks for the model list: reaches the server and proves the key, and costs nothing. */
async function checkApi(options: Options): Promise<Check> {
  const key = apiKeyIn(options.apiKeyEnv);
  if (options.baseUrl === undefined && key === undefined) {
    const detail = `not set up; give --base-url, or the key in ${options.apiKeyEnv}; candidates that are recorded need neither`;
    return { name: "LLM API", state: "missing", detail };
  }
  // A key alone may be there for something else.
  const isNamed = options.baseUrl !== undefined || options.model !== undefined;
  return attempt("LLM API", isNamed ? "sampling" : undefined, async () => {
    const names = await listModels({ baseUrl: options.baseUrl, apiKey: key });
    if (options.model !== undefined && !names.includes(options.model)) {
      throw new FunprmError(
        "api",
        `answers, but does not list model ${options.model}; it has ${names.join(", ")}`,
      );
    }
    return `answers with ${names.length} models`;
  });
}

async function attempt(
  name: string,
  neededBy: string | undefined,
  probe: () => Promise<string>,
): Promise<Check> {
  const needed = neededBy === undefined ? {} : { neededBy };
  try {
    return { name, state: "ok", detail: await probe(), ...needed };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, state: "broken", detail: reason.replace(/\.$/, ""), ...needed };
  }
}
