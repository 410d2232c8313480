// PRM folders, settings and servers that mean harm.
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { deep, POOL, PROBLEM, TINY } from "./material.mjs";
import { completion } from "./terminal.mjs";

const rank = ["rank", POOL, "--problems", PROBLEM, "--prm", "IN/m", "--out", "OUT/r"];
const sample = [
  "sample",
  PROBLEM,
  "--model",
  "m",
  "--base-url",
  "URL",
  "-n",
  "2",
  "--timeout",
  "10",
  "--store",
  "OUT/store",
  "--out",
  "OUT/s",
];

/** The tiny PRM, with prm.json and files changed; sums are those of the changed files, so that only content is wrong. */
const prm =
  (change, files = {}) =>
  (dir) => {
    const folder = join(dir, "m");
    cpSync(TINY, folder, { recursive: true });
    const path = join(folder, "prm.json");
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    for (const [key, bytes] of Object.entries(files)) {
      const entry = manifest.files[key];
      writeFileSync(join(folder, entry.path), bytes);
      entry.bytes = statSync(join(folder, entry.path)).size;
      entry.sha256 = createHash("sha256").update(bytes).digest("hex");
    }
    const changed = change(manifest);
    writeFileSync(
      path,
      typeof changed === "string" || Buffer.isBuffer(changed) ? changed : JSON.stringify(changed),
    );
  };
const same = (manifest) => manifest;
const path = (name) => (manifest) => {
  manifest.files.model.path = name;
  return manifest;
};
const weights = readFileSync(join(TINY, "onnx", "model_int8.onnx"));
const tokenizer = JSON.parse(readFileSync(join(TINY, "tokenizer.json"), "utf8"));

const MANIFESTS = [
  ["is empty", () => "", /expected JSON/],
  ["is cut off", (m) => JSON.stringify(m).slice(0, 300), /expected JSON/],
  ["is a list", () => "[]", /does not describe a PRM/],
  ["is UTF-16", (m) => Buffer.from(`\ufeff${JSON.stringify(m)}`, "utf16le"), /expected JSON/],
  ["is 100,000 deep", () => deep(100_000), /does not describe a PRM|expected JSON/],
  ["is 9 MiB", (m) => JSON.stringify({ ...m, label: "x".repeat(9 * 2 ** 20) }), /expected prm\.json/],
  ["names a file above", path("../../canary"), /files\.model\.path/],
  ["names /etc/passwd", path("/etc/passwd"), /files\.model\.path/],
  ["names a file with NUL", path("onnx/\0model"), /files\.model\.path/],
  ["names a folder as weights", path("onnx"), /expected a file, got something else/],
  [
    "has another sum",
    (m) => {
      m.files.model.sha256 = "0".repeat(64);
      return m;
    },
    /expected sha256/,
  ],
  [
    "has a context of 2^60",
    (m) => JSON.stringify(m).replace(/"contextLength":\d+/, '"contextLength":1152921504606846976'),
    /contextLength/,
  ],
  [
    "has a context of 1e999",
    (m) => JSON.stringify(m).replace(/"contextLength":\d+/, '"contextLength":1e999'),
    /contextLength/,
  ],
  [
    "has negative bytes",
    (m) => {
      m.files.model.bytes = -1;
      return m;
    },
    /files\.model\.bytes/,
  ],
  ["has a __proto__ for its files", (m) => `{"__proto__":${JSON.stringify(m)}}`, /does not describe a PRM/],
  [
    "names a server with a password",
    (m) => ({ ...m, endpoint: { url: "http://u:p@127.0.0.1:9/", model: "x" } }),
    /address without user/,
  ],
  [
    "names a file: server",
    (m) => ({ ...m, endpoint: { url: "file:///etc/passwd", model: "x" } }),
    /endpoint\.url/,
  ],
];

const FILES = [
  ["an ONNX of noise", { model: Buffer.from("noise".repeat(999)) }, /expected an ONNX graph/],
  ["an ONNX that is cut off", { model: weights.subarray(0, weights.length / 2) }, /expected an ONNX graph/],
  [
    "an ONNX with flipped bytes",
    { model: Buffer.from(weights.map((byte, at) => (at % 97 === 0 ? byte ^ 0x55 : byte))) },
    /model_int8\.onnx|expected/,
  ],
  ["an ONNX that is empty", { model: Buffer.from("\n") }, /expected an ONNX graph/],
  ["a tokenizer that is {}", { tokenizer: "{}" }, /tokenizer\.json/],
  ["a tokenizer of noise", { tokenizer: "<html>" }, /tokenizer\.json: expected JSON/],
  ["a tokenizer that is 100,000 deep", { tokenizer: deep(100_000) }, /tokenizer\.json/],
  [
    "a tokenizer whose vocabulary is __proto__",
    { tokenizer: `{"model":{"type":"BPE","vocab":{"__proto__":0},"merges":[]},"added_tokens":[]}` },
    /tokenizer|token/,
  ],
  [
    "a tokenizer with huge ids that nothing uses",
    {
      tokenizer: JSON.stringify({
        ...tokenizer,
        added_tokens: [{ id: 2 ** 40, content: "<x>", special: true }],
      }),
    },
    /ranked/,
    [0],
  ],
  ["a tokenizer of 40 MiB", { tokenizer: `"${"x".repeat(40 * 2 ** 20)}"` }, /tokenizer/],
];

const toml = (text, says, args = ["split", "IN/a.py"]) => ({
  make: (_, cwd) => writeFileSync(join(cwd, "funprm.toml"), text),
  files: { "a.py": "print(1)\n" },
  args,
  ends: [2],
  says,
});
const SETTINGS = [
  ["is 9 MiB", `model = "${"x".repeat(9 * 2 ** 20)}"\n`, /funprm\.toml: .*bytes, more than/],
  ["is no TOML", "][\n", /funprm\.toml: not readable as TOML/],
  ["is 20,000 deep", `model = ${deep(20_000)}\n`, /funprm\.toml/],
  ["has a __proto__ table", "[__proto__]\nquiet = true\n", /funprm\.toml: .*__proto__/],
  ["has a key of every object", 'constructor = "x"\n', /funprm\.toml: unknown key "constructor"/],
  ["has a NUL in it", 'model = "a\u0000b"\n', /funprm\.toml/],
  ["is UTF-16", Buffer.from("\ufeffmodel = 'x'\n", "utf16le"), /funprm\.toml/],
  ["has a number of 400 digits", `samples = ${"9".repeat(400)}\n`, /samples in .*funprm\.toml|funprm\.toml/],
  [
    "runs another python",
    'python = "./evil"\n',
    /"python" cannot be set in a project's file/,
    ["grade", POOL, "--problems", PROBLEM],
  ],
  [
    "sends programs elsewhere",
    'base-url = "http://example.com/v1"\n',
    /"base-url" cannot be set/,
    ["sample", PROBLEM, "--model", "m"],
  ],
  [
    "sends programs elsewhere that looks near",
    'base-url = "http://127.0.0.1.example.com/v1"\n',
    /"base-url" cannot be set/,
    ["sample", PROBLEM, "--model", "m"],
  ],
  [
    "keeps samples above",
    'store = "a/../../canary-folder"\n',
    /"store" cannot be set/,
    ["sample", PROBLEM, "--model", "m", "--base-url", "http://127.0.0.1:9/v1"],
  ],
  ["sets what must be said each time", "unsafe = true\n", /unknown key "unsafe"/],
];

const SERVERS = [
  [
    "an answer that never ends",
    { body: '{"choices":[{"message":{"content":"', endless: true },
    [4],
    /more than \d+ bytes|no complete answer/,
  ],
  ["an error that never ends", { status: 400, body: "x", endless: true }, [4], /400/],
  [
    "a gzip of 3 GiB",
    { headers: { "content-encoding": "gzip" }, packed: 3072 },
    [4],
    /more than \d+ bytes|no complete answer/,
  ],
  ["JSON that is 200,000 deep", { body: deep(200_000) }, [4], /answer/],
  [
    "an error that is 200,000 deep",
    { status: 400, body: `{"error":${deep(200_000)}}` },
    [4],
    /nested too deep/,
  ],
  [
    "100,000 choices",
    {
      body: JSON.stringify({
        choices: Array.from({ length: 100_000 }, (_, index) => ({
          index,
          finish_reason: "stop",
          message: { role: "assistant", content: "print(1)" },
        })),
      }),
    },
    [0],
    /sampled 2/,
  ],
  ["a reply of 40 MB", { body: completion("x".repeat(40e6)) }, [0, 3, 4], /sampled|no |reply/],
  [
    "a redirect to a file",
    { status: 302, headers: { location: "file:///etc/passwd" }, body: "" },
    [4],
    /funprm: /,
  ],
  [
    "a redirect to itself without an end",
    { status: 302, headers: { location: "/v1/chat/completions" }, body: "" },
    [4],
    /funprm: /,
  ],
  [
    "a length that is a lie",
    { headers: { "content-length": "10" }, body: completion("print(1)").slice(0, 10) },
    [4],
    /funprm: /,
  ],
  [
    "headers of 60 kB",
    { headers: { "x-long": "x".repeat(60_000) }, body: completion("print(1)") },
    [4, 0],
    /funprm: |sampled/,
  ],
  [
    "a name of a finish reason that is __proto__",
    { body: completion("print(1)").replace('"stop"', '"__proto__"') },
    [0, 4],
    /sampled|funprm/,
  ],
  [
    "a Retry-After of a year",
    { status: 429, headers: { "retry-after": "31536000" }, body: "{}" },
    [4],
    /funprm: /,
  ],
];

const named = (...words) => words.join(" ");

export const MODELS = [
  ...MANIFESTS.map(([name, change, says]) => ({
    name: named("prm.json", name),
    make: prm(change),
    args: rank,
    ends: [2],
    says,
  })),
  ...FILES.map(([name, files, says, ends = [2]]) => ({
    name: named("PRM with", name),
    make: prm(same, files),
    args: rank,
    ends,
    says,
  })),
  ...SETTINGS.map(([name, text, says, args]) => ({
    name: named("funprm.toml", name),
    ...toml(text, says, args),
  })),
  ...SERVERS.map(([name, server, ends, says]) => ({
    name: named("LLM server:", name),
    server,
    args: sample,
    ends,
    says,
  })),
];
