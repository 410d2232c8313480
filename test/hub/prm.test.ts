import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fetchPrm } from "../../src/hub/prm.ts";
import { loadManifest } from "../../src/prm/manifest/folder.ts";
import { tinyFolder } from "../prm/fixtures.ts";
import { type HubFaults, type HubServer, startHub } from "./hub-server.ts";

const ID = { repository: "org/tiny", revision: "main" };
const NAMES = ["prm.json", "tokenizer.json", "tokenizer_config.json", "onnx/model_int8.onnx"];
const WEIGHTS = readFileSync(join(tinyFolder("encoder"), "onnx/model_int8.onnx"));

let cacheFolder: string;
let hub: HubServer | undefined;
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), "funprm-hub-"));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  rmSync(cacheFolder, { recursive: true });
});

async function serve(faults: HubFaults = {}): Promise<HubServer> {
  await hub?.close();
  const files = Object.fromEntries(
    NAMES.map((name) => [
      `org/tiny/resolve/main/${name}`,
      { body: readFileSync(join(tinyFolder("encoder"), name)) },
    ]),
  );
  hub = await startHub(() => files, { clientFolder: cacheFolder, ...faults });
  return hub;
}

const settings = () => ({ cacheFolder, endpoint: hub?.endpoint ?? "", token: null, offline: false });

function leftovers(): string[] {
  return readdirSync(cacheFolder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /partial|\.tmp$|lock$/.test(name),
  );
}

it("weights go on where the connection was cut, within one command", async () => {
  // Transfers 0 to 2 are the small files.
  const { requests } = await serve({ cutAfter: (transfer) => (transfer === 3 ? 40_000 : undefined) });
  const folder = await fetchPrm(ID, settings());
  await expect(loadManifest(folder)).resolves.toBeDefined();
  const ranges = requests.filter(({ path }) => path.startsWith("/blob/") && path.endsWith("onnx"));
  expect(ranges.map(({ range }) => range !== undefined)).toEqual([false, true]);
  expect(leftovers()).toEqual([]);
});

it("weights go on in the next command where every attempt of the first was cut", async () => {
  await serve({ cutAfter: (transfer) => (transfer >= 3 ? 10_000 : undefined) });
  await expect(fetchPrm(ID, settings())).rejects.toMatchObject({
    code: "model",
    message: expect.stringMatching(/go on where it stopped, or give a PRM folder/),
  });
  expect(leftovers().some((name) => name.endsWith("model_int8.onnx.partial"))).toBe(true);
  const { requests } = await serve();
  const folder = await fetchPrm(ID, settings());
  await expect(loadManifest(folder)).resolves.toBeDefined();
  const [weights] = requests.filter(({ path }) => path.startsWith("/blob/") && path.endsWith("onnx"));
  const from = Number(/bytes=(\d+)-/.exec(weights?.range ?? "")?.[1]);
  expect(from).toBeGreaterThan(0);
  expect(from).toBeLessThan(WEIGHTS.length);
  expect(leftovers()).toEqual([]);
});
