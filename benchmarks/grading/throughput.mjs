// Tests a second on trivial programs, isolation on: a process for every test.
import { availableParallelism } from "node:os";
import { FORMS, runInLanes } from "./forms.mjs";
import { flag, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { openSandbox, DEFAULT_LIMITS } = await open("openSandbox", "DEFAULT_LIMITS");

const seconds = Number(flag("--seconds", "5"));
const jobs = availableParallelism();
const rows = [];
for (const [name, form] of Object.entries(FORMS)) {
  const sandbox = await openSandbox({ jobs });
  const job = { ...form, limits: DEFAULT_LIMITS };
  await Promise.all(Array.from({ length: 50 }, () => sandbox.run(job)));
  const nodeBefore = process.cpuUsage();
  const { done, cpuMs } = await runInLanes(sandbox, job, jobs + 1, seconds);
  const node = process.cpuUsage(nodeBefore);
  await sandbox.close();
  const perTest = (ms) => (ms / done).toFixed(2);
  rows.push([name, Math.round(done / seconds), perTest(cpuMs), perTest((node.user + node.system) / 1000)]);
}
writeResult("grading-throughput", "node benchmarks/grading/throughput.mjs", [
  "# Tests a second on trivial programs",
  "",
  `${jobs} workers, isolation on, ${seconds} s a form, a new process (two for check) for every test.`,
  "",
  ...table(["form", "tests/s", "CPU ms in the program's process", "CPU ms in Node"], rows),
]);
