// A replay server in a process of its own. argv: {problems, latencyMs, faults}; stdout: its base URL.
import { open } from "../door.mjs";

const { problems, latencyMs, faults } = JSON.parse(process.argv[2]);
const { startReplayServer, parseFault } = await open("startReplayServer", "parseFault");
const { statementOf } = await import("./pool.mjs");

const ids = Array.from({ length: problems }, (_, p) => p);
const server = await startReplayServer({
  problems: ids.map((p) => ({ id: `p${p}`, statement: statementOf(p), starterCode: "" })),
  candidates: ids.map((p) => ({
    problemId: `p${p}`,
    code: `def solve(n):\n    return n + ${p}\n`.repeat(20),
  })),
  latencyMs,
  cycle: true,
  faults: faults.map((spec) => parseFault(spec, 1)),
});
console.log(server.url);
