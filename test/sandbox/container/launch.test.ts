import { afterEach, describe, expect, test } from "vitest";
import { buildCommand, type Engine } from "../../../src/sandbox/container/engine.ts";
import { containerLaunch } from "../../../src/sandbox/container/launch.ts";
import { chosenIsolation } from "../../../src/sandbox/container/open-containers.ts";

const ENGINE: Engine = { command: "podman", version: "5.0.0", image: "localhost/x:1", hasImage: true };
const DOCKER: Engine = { ...ENGINE, command: "docker" };
const interpreter = {
  executable: "/usr/local/bin/python3",
  version: "3.13.0",
  folders: [],
  path: ["/usr/local/lib/python3.13"],
  prefix: "/usr/local",
  fingerprint: "Python 3.13.0",
};

afterEach(() => {
  delete process.env["FUNPRM_SANDBOX"];
});

describe.each([ENGINE, DOCKER])("a container of $command", (engine) => {
  const launch = (worker: number) => containerLaunch(engine, { interpreter, preload: ["math"], worker });

  test("has no network, no capabilities, no way to write but scratch folders, and a user of its own", () => {
    const args = launch(0).args.join(" ");
    for (const part of [
      "--network none",
      "--cap-drop ALL",
      "--read-only ",
      "no-new-privileges",
      "--tmpfs /tmp:",
    ]) {
      expect(args).toContain(part);
    }
    const user = (worker: number) => launch(worker).args[launch(worker).args.indexOf("--user") + 1];
    expect(user(0)).toMatch(/^(\d+):\1$/);
    expect(user(1)).not.toBe(user(0));
    expect(Number(user(63)?.split(":")[0])).toBeLessThan(65_536);
  });

  test("gets nothing of this process's environment, and no folder of this machine", () => {
    process.env["FUNPRM_SANDBOX"] = "podman";
    const { args } = launch(0);
    expect(args.join(" ")).not.toMatch(/FUNPRM_SANDBOX|--env|--volume|--mount| -v /);
    expect(args).toContain("-i");
    expect(args).toContain("HOME=/tmp");
  });

  test("is ended by its name, which no other has", () => {
    const [one, other] = [launch(0), launch(0)];
    const name = one.args[one.args.indexOf("--name") + 1];
    expect(one.end?.args.at(-1)).toBe(name);
    expect(other.end?.args.at(-1)).not.toBe(name);
  });
});

test("the command that builds the image names the recipe and the folder of the sandbox", () => {
  expect(buildCommand(ENGINE)).toMatch(
    /^podman build -t localhost\/x:1 -f '.*\/sandbox\/container\/Containerfile' '.*\/sandbox'$/,
  );
});

test("FUNPRM_SANDBOX names an isolation or nothing", () => {
  expect(chosenIsolation()).toBeUndefined();
  process.env["FUNPRM_SANDBOX"] = "docker";
  expect(chosenIsolation()).toBe("docker");
  process.env["FUNPRM_SANDBOX"] = "chroot";
  expect(chosenIsolation).toThrow(
    /expected FUNPRM_SANDBOX to be bubblewrap, podman, docker or empty, got "chroot"/,
  );
});
