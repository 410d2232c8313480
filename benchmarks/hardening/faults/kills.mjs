// Processes that are killed or stopped, and signals to the command.
import { find, signal, sleep, until } from "../processes.mjs";

const RUNNING = ["grade", "bench", "collect"];
const ALL = ["grade", "rank", "bench", "sample", "collect"];

/** Kills processes of a role, a different one each time, with a finished row in between so that no program is hit twice. */
const killSome = (role, times) => async (run, work) => {
  const seen = new Set();
  for (let time = 0; time < times; time += 1) {
    const before = work.count();
    const found = await find(run, role, ({ pid }) => !seen.has(pid));
    if (found === undefined) return;
    seen.add(found.pid);
    signal(found.pid, "SIGKILL");
    await until(run, () => work.count() > before);
  }
};

const stopOne = (role) => async (run, work) => {
  await work.reaches(0.2);
  const found = await find(run, role);
  if (found !== undefined) signal(found.pid, "SIGSTOP");
};

/** The scoring process, once it computes. */
const scoring = (run) => find(run, "onnx", ({ ticks }) => ticks > 60);

/** A signal to the command as soon as `part` of its rows are there, or it scores. */
const toCommand =
  (name, times = 1, part = 0.3) =>
  async (run, work) => {
    await work.reaches(part);
    for (let time = 0; time < times; time += 1) {
      signal(run.pid(), name);
      await sleep(150);
    }
  };

const INTERRUPTED = [130];

export const KILLS = [
  { name: "SIGKILL of a fork server, three times", on: RUNNING, ends: [0], disturb: killSome("server", 3) },
  { name: "SIGKILL of bubblewrap, twice", on: RUNNING, ends: [0], disturb: killSome("bubblewrap", 2) },
  { name: "SIGKILL of four programs", on: RUNNING, ends: [0], disturb: killSome("program", 4) },
  { name: "SIGSTOP of a fork server", on: ["grade", "bench"], ends: [0], disturb: stopOne("server") },
  { name: "SIGSTOP of a program", on: RUNNING, ends: [0], disturb: stopOne("program") },
  {
    name: "SIGKILL of the ONNX child",
    on: ["rank", "bench"],
    ends: [0],
    disturb: async (run) => signal((await scoring(run))?.pid, "SIGKILL"),
  },
  {
    name: "SIGKILL of every ONNX child as soon as it is there",
    on: ["rank", "bench"],
    ends: [2],
    disturb: async (run) => {
      const seen = new Set();
      const unseen = () => find(run, "onnx", ({ pid }) => !seen.has(pid));
      for (let found = await unseen(); found !== undefined; found = await unseen()) {
        seen.add(found.pid);
        signal(found.pid, "SIGKILL");
      }
    },
  },
  {
    name: "SIGSTOP of the ONNX child",
    on: ["rank", "bench"],
    ends: [0],
    disturb: async (run) => signal((await scoring(run))?.pid, "SIGSTOP"),
  },
  { name: "SIGKILL of the command", on: ALL, ends: ["SIGKILL"], disturb: toCommand("SIGKILL") },
  {
    name: "SIGKILL of the command near the end",
    on: ALL,
    ends: ["SIGKILL", 0],
    disturb: toCommand("SIGKILL", 1, 0.9),
  },
  { name: "SIGHUP: the terminal is closed", on: ALL, ends: ["SIGHUP"], disturb: toCommand("SIGHUP") },
  { name: "SIGTERM", on: ALL, ends: INTERRUPTED, disturb: toCommand("SIGTERM") },
  { name: "SIGINT once", on: ALL, ends: INTERRUPTED, disturb: toCommand("SIGINT") },
  // A second one that comes while Node ends already does what it does to every process; shells say 130 of both.
  { name: "SIGINT twice", on: ALL, ends: [...INTERRUPTED, "SIGINT"], disturb: toCommand("SIGINT", 2) },
  {
    name: "SIGINT to the whole process group, as a terminal sends it",
    on: ALL,
    ends: INTERRUPTED,
    disturb: async (run, work) => {
      await work.reaches(0.3);
      signal(-run.pid(), "SIGINT");
    },
  },
  {
    name: "SIGINT while it starts",
    on: ALL,
    ends: [130, "SIGINT"],
    disturb: async (run) => {
      // What is to become the command has its arguments before it is the command.
      await until(
        run,
        () => run.pid() && run.tree().some(({ pid, name }) => pid === run.pid() && name === "node"),
      );
      signal(run.pid(), "SIGINT");
    },
  },
  {
    name: "SIGSTOP of the command for five seconds",
    on: ALL,
    ends: [0],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      signal(run.pid(), "SIGSTOP");
      await sleep(5_000);
      signal(run.pid(), "SIGCONT");
    },
  },
  {
    name: "SIGKILL of the LLM server",
    on: ["sample"],
    ends: [4],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      signal(work.server.pid, "SIGKILL");
    },
  },
  {
    name: "SIGSTOP of the LLM server for thirty seconds",
    on: ["sample"],
    ends: [0],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      signal(work.server.pid, "SIGSTOP");
      await sleep(30_000);
      signal(work.server.pid, "SIGCONT");
    },
  },
];
