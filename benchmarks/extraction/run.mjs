/**
 * Code extraction from replies, against the rules "whole reply", "first fence" and "last fence".
 * Needs ../shared and python3. `npm run build && node benchmarks/extraction/run.mjs` writes results/extraction.md.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const DATA = new URL("../../../shared/data/", import.meta.url);
if (!existsSync(DATA)) {
  console.error("nothing measured: the shared data next to the repository is missing");
  process.exit(1);
}
const read = (name) =>
  gunzipSync(readFileSync(new URL(name, DATA)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const FENCED = /^[ \t]*(?:`{3,}|~{3,})[^\n]*\n([^]*?)(?:^[ \t]*(?:`{3,}|~{3,})[ \t]*$|$(?![^]))/gm;
const fenced = (reply) => [...reply.matchAll(FENCED)].map((match) => match[1]);

/** `reply` and class name to code. */
const RULES = {
  "the whole reply": (reply) => reply,
  "first fence, else the whole reply": (reply) => fenced(reply)[0] ?? reply,
  "last fence, else the whole reply": (reply) => fenced(reply).at(-1) ?? reply,
  "funprm, entry point unknown": (reply) => extractCode(reply).code,
  "funprm, entry point known": (reply, entryPoint) => extractCode(reply, { entryPoint }).code,
};

/** Reads {atEnd, name, methods, codes[], blocks[]} lines; prints counts for the last rule and for all. */
const JUDGE = `
import ast, builtins, json, sys

def parse(code):
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

def bound(tree):
    names = set()
    for x in ast.walk(tree):
        if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store): names.add(x.id)
        elif isinstance(x, ast.arg): names.add(x.arg)
        elif isinstance(x, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): names.add(x.name)
        elif isinstance(x, (ast.Import, ast.ImportFrom)): names |= {(a.asname or a.name).split(".")[0] for a in x.names}
        elif isinstance(x, ast.ExceptHandler) and x.name: names.add(x.name)
    return names

counts, several, joinable, broken, cut = None, 0, 0, 0, 0
for line in sys.stdin:
    row = json.loads(line)
    counts = counts or [[0, 0, 0, 0] for _ in row["codes"]]
    for count, code in zip(counts, row["codes"]):
        count[0] += code.strip() == ""
        tree = parse(code)
        if tree is None or code.strip() == "": continue
        count[1] += 1
        classes = [x for x in tree.body if isinstance(x, ast.ClassDef) and x.name == row["name"]]
        if not classes: continue
        count[2] += 1
        methods = {m.name for c in classes for m in c.body if isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef))}
        count[3] += set(row["methods"]) <= methods
    tree = parse(row["codes"][-1])
    broken += tree is None
    cut += tree is None and row["atEnd"]
    if row["blocks"] and tree is not None:
        several += 1
        used = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load)}
        free = used - bound(tree) - set(dir(builtins))
        others = [parse(block) for block in row["blocks"]]
        joinable += any(free & bound(other) for other in others if other is not None)
print(json.dumps({"counts": counts, "several": several, "joinable": joinable, "broken": broken, "cut": cut}))
`;
import { fitted } from "../fit-markdown.mjs";
import { open } from "../door.mjs";

const { extractCode, looksLikeReply, segments } = await open("extractCode", "looksLikeReply", "segments");

const classes = new Map(read("tests/classeval-70.jsonl.gz").map((row) => [`classeval/${row.task_id}`, row]));
const replies = read("pools/classeval-70-raw.jsonl.gz");
const rows = replies.map((row) => {
  const { class_name: name, methods_info } = classes.get(row.problem_id);
  const codes = Object.values(RULES).map((rule) => rule(row.code, name));
  const blocks = segments(row.code)
    .filter((part) => part.info !== null)
    .map((part) => row.code.slice(part.start, part.end))
    .filter((block) => block.trim() !== "" && !codes.at(-1).includes(block));
  const atEnd = codes.at(-1) !== "" && row.code.trimEnd().endsWith(codes.at(-1).trimEnd());
  return JSON.stringify({
    atEnd,
    name,
    methods: methods_info.map((info) => info.method_name),
    codes,
    blocks,
  });
});
const judged = spawnSync("python3", ["-W", "ignore", "-c", JUDGE], {
  input: rows.join("\n"),
  maxBuffer: 1e8,
});
if (judged.status !== 0) throw new Error(judged.stderr.toString());
const { counts, several, joinable, broken, cut } = JSON.parse(judged.stdout.toString());

const share = (count) => `${count} (${((100 * count) / replies.length).toFixed(1)} %)`;
const table = Object.keys(RULES).map((rule, i) => {
  const [empty, parses, defines, complete] = counts[i];
  return `| ${rule} | ${share(parses)} | ${share(defines)} | ${share(complete)} | ${empty} |`;
});

const programs = ["livecodebench-v5", "classic", "codeforces-hard"].map((pool) => {
  const all = read(`pools/${pool}.jsonl.gz`);
  const changed = all.filter((row) => extractCode(row.code).code !== row.code);
  const taken = all.filter((row) => looksLikeReply(row.code)).length;
  const passing = changed.filter((row) => row.passed === true).length;
  return `| ${pool} | ${all.length} | ${taken} | ${changed.length} | ${passing} |`;
});

const target = new URL("../results/extraction.md", import.meta.url);
writeFileSync(
  target,
  fitted(`# Code extraction from replies

\`npm run build && node benchmarks/extraction/run.mjs\`, 2026-11-26, 2 cores, 24 GB, Node 20.20, judged by CPython's \`ast.parse\`.

## ${replies.length} raw replies of 30 samplers (classeval-70-raw)

| rule | parses | and defines the class | and all of its methods | no code found |
|---|---|---|---|---|
${table.join("\n")}

Of the ${broken} programs that do not parse, ${cut} are at the very end of their reply: the reply itself is cut off or broken.

A block is put together with those that it needs: of ${several} replies whose program parses and that hold another block,
${joinable} still use a name that only the other block defines.

## Programs that are no replies must stay as they are

| pool | programs | taken for a reply | changed when treated as one | of these, passing programs |
|---|---|---|---|---|
${programs.join("\n")}
`),
);
console.log(readFileSync(target, "utf8"));
