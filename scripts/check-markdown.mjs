// No line of Markdown is longer than 120 characters.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const WIDTH = 120;

const root = fileURLToPath(new URL("..", import.meta.url));
const listed = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" }).trim().split("\n");
const tooLong = listed
  .filter((file) => existsSync(`${root}${file}`))
  .flatMap((file) =>
    readFileSync(`${root}${file}`, "utf8")
      .split("\n")
      .flatMap((line, index) =>
        [...line].length > WIDTH
          ? [`${file}:${index + 1}: ${[...line].length} characters, at most ${WIDTH}`]
          : [],
      ),
  );
for (const line of tooLong) console.error(line);
if (tooLong.length > 0) {
  console.error("`node benchmarks/fit-markdown.mjs FILE` wraps paragraphs and cuts wide tables");
  process.exitCode = 1;
}
