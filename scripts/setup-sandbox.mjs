// Makes sure that bubblewrap is there, because the sandbox tests need it and are never skipped.
import { execFileSync, spawnSync } from "node:child_process";

const has = (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
const may = process.getuid?.() === 0 && has("apt-get");

if (!has("bwrap") && may) {
  console.error("bubblewrap is missing, installing it with apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: ["ignore", "ignore", "inherit"], env });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "bubblewrap"], {
      stdio: ["ignore", "ignore", "inherit"],
      env,
    });
  } catch (error) {
    console.error(`apt-get failed: ${error.message}`);
  }
}
if (!has("bwrap")) {
  console.error(
    "bubblewrap is missing and could not be installed from here. Install it (apt-get install bubblewrap, dnf install bubblewrap,\n" +
      "pacman -S bubblewrap), then run the tests again: the sandbox tests need it and are not skipped.",
  );
  process.exitCode = 1;
}
