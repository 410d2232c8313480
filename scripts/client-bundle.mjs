// The report page's script and style, each as one text, as a module that exports both. The build writes it to
// dist/, tests that render pages from the sources load it through vitest.config.ts.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const client = fileURLToPath(new URL("../src/report/client/", import.meta.url));

export async function clientBundle() {
  const [script, style] = await Promise.all(["start.js", "page.css"].map(bundled));
  return `export const script = ${JSON.stringify(script)};\nexport const style = ${JSON.stringify(style)};\n`;
}

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [client + entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "esnext",
    charset: "utf8",
    legalComments: "none",
  });
  return outputFiles[0].text;
}
