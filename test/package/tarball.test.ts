import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLE, funprm as clone } from "../cli/run-cli.ts";
import { type NpmResult, ROOT, run } from "./npm.ts";

/** A folder that knows nothing of the clone: `prefix/` is where npm installs, `else/` where a user works. */
let folder: string;
let installing: NpmResult;
/** Connections to the proxy that onnxruntime-node's script would download through; npm uses another. */
let downloads = 0;
let proxy: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-package-"));
  proxy = createServer((socket) => {
    downloads++;
    socket.on("error", () => {}).destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");

  // dist/ is built; to build it again would take it from the tests beside this one.
  const packing = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(packing.stdout);
  const options = ["--global", "--prefix", join(folder, "prefix"), "--prefer-offline"];
  installing = await run("npm", ["install", ...options, join(folder, filename)], {
    cwd: folder,
    env: { GLOBAL_AGENT_HTTPS_PROXY: `http://127.0.0.1:${address.port}` },
  });
  await cp(EXAMPLE, join(folder, "else/example"), { recursive: true });
});
afterAll(async () => {
  proxy.close();
  await rm(folder, { recursive: true });
});

const installed = (): string => join(folder, "prefix/lib/node_modules/funprm");

function funprm(...args: readonly string[]): Promise<NpmResult> {
  return run(join(folder, "prefix/bin/funprm"), args, { cwd: join(folder, "else") });
}

/** Files and folders below a folder. */
async function entries(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true })).map((path) => join(root, path));
}

describe("npm install of the packed tarball", () => {
  test("downloads nothing but npm packages", () => {
    expect(installing).toMatchObject({ code: 0 });
    expect(downloads).toBe(0);
  });

  test("runs no script of any package", async () => {
    const manifests = (await entries(join(installed(), "node_modules"))).filter((path) =>
      /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
    );
    expect(manifests.length).toBeGreaterThan(5);
    for (const path of [join(installed(), "package.json"), ...manifests]) {
      const { scripts = {} } = JSON.parse(await readFile(path, "utf8"));
      const run = ["preinstall", "install", "postinstall"].filter((name) => name in scripts);
      expect({ path, run }).toEqual({ path, run: [] });
    }
  });

  test("takes no more than the README says", async () => {
    const sizes = await Promise.all(
      (await entries(installed())).map(async (path) => (await lstat(path)).size),
    );
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
    expect(megabytes).toBeLessThan(240);
  });

  test("gives a funprm that solves an example from another folder", async () => {
    const files = ["example/problem.json", "--candidates", "example/candidates.jsonl"];
    const { code, stdout, stderr } = await funprm("solve", ...files);
    expect(code).toBe(0);
    const [chosen, sure, ...rest] = stderr.trim().split("\n");
    expect(chosen).toBe("examples/interval-merge: sample 0 of 8, decided by votes");
    expect(sure).toMatch(/^ {2}\d+ % likely to be right: passes 2 of 2 examples;/);
    expect(rest).toEqual([]);
    const [first = ""] = (await readFile(join(EXAMPLE, "candidates.jsonl"), "utf8")).split("\n");
    expect(stdout.trim()).toBe(JSON.parse(first).code.trim());
  });

  test("gives a funprm that ranks as the clone does, to the last bit", async () => {
    const [first = ""] = (await readFile(join(EXAMPLE, "candidates.jsonl"), "utf8")).split("\n");
    await writeFile(join(folder, "else/first.jsonl"), first);
    const files = ["first.jsonl", "--problem", "example/problem.json"];
    const ranked = await funprm("rank", ...files);
    expect(ranked).toMatchObject({ code: 0 });
    const here = await clone(["rank", ...files], { cwd: join(folder, "else") });
    expect(ranked.stdout).toBe(here.stdout);
  });

  test("gives a library whose types strict projects check whole, without skipLibCheck, as ESM and CommonJS", async () => {
    const project = await projectWithFunprm("typed");
    const [live = ""] = blocksOf("ts", await readFile(join(ROOT, "docs/library.md"), "utf8"));
    await writeFile(join(project, "live.ts"), live);
    await writeFile(
      join(project, "main.ts"),
      'import { grade, loadPythonParser, splitSteps, type Graded, type Step } from "funprm";\n' +
        "await loadPythonParser();\n" +
        'const steps: readonly Step[] = splitSteps("def f():\\n    return 1\\n", "function");\n' +
        'const [graded]: readonly Graded[] = await grade({ statement: "f", entry_point: "f", tests: [] }, []);\n' +
        "console.log(steps.map(({ name }) => name).join(), graded?.verdict);\n",
    );
    await writeFile(
      join(project, "main.cts"),
      'import { rank, solve, type RankedCandidate, type Solution } from "funprm";\n' +
        "const best = (solution: Solution): RankedCandidate | undefined => solution.ranking[0];\n" +
        "console.log(typeof solve, typeof rank, typeof best);\n",
    );
    const compilerOptions = {
      module: "nodenext",
      target: "es2023",
      lib: ["es2023"],
      strict: true,
      skipLibCheck: false,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
    };
    const files = ["main.ts", "main.cts", "live.ts"];
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    expect(await run(process.execPath, [tsc, "-p", project])).toMatchObject({ code: 0, stdout: "" });
    const node = (file: string) => run(process.execPath, [join(project, file)]);
    expect(await node("main.js")).toMatchObject({ code: 0, stdout: "f undefined\n" });
    expect(await node("main.cjs")).toMatchObject({ code: 0, stdout: "function function function\n" });
  });

  test("gives a library whose documented examples print what the page says, as ESM and CommonJS", async () => {
    const project = await projectWithFunprm("documented");
    const page = await readFile(join(ROOT, "docs/library.md"), "utf8");
    const examples = [...page.matchAll(/```js\n([^]*?)```\n\n```text\n([^]*?)```/g)];
    expect(examples.map(([, code]) => /solve|grade|rank|bestOfN/.exec(code ?? "")?.[0])).toEqual([
      "solve",
      "grade",
      "rank",
      "bestOfN",
    ]);
    for (const [, code = "", printed] of examples) {
      await writeFile(join(project, "example.mjs"), code);
      const required = code.replace(/^import (\{.*\}) from "funprm";$/m, 'const $1 = require("funprm");');
      await writeFile(join(project, "example.cjs"), `(async () => {\n${required}\n})();\n`);
      for (const file of ["example.mjs", "example.cjs"]) {
        const ran = await run(process.execPath, [join(project, file)], { cwd: project });
        expect(ran).toMatchObject({ code: 0, stdout: printed, stderr: "" });
      }
    }
  });
});

/** A folder that has the installed package and nothing else. */
async function projectWithFunprm(name: string): Promise<string> {
  const project = join(folder, name);
  await mkdir(join(project, "node_modules"), { recursive: true });
  await symlink(installed(), join(project, "node_modules/funprm"));
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  return project;
}

function blocksOf(language: string, page: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(
    ([, code = ""]) => code,
  );
}
