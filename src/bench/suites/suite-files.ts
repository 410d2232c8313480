import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FunprmError } from "../../core/errors.ts";
import { parseObject } from "../../formats/text/json-text.ts";
import { readRecords } from "../../formats/text/json-records.ts";
import type { HubSettings } from "../../hub/settings.ts";
import { fetchDatasetFile } from "../../hub/dataset.ts";
import type { DownloadProgress } from "../../hub/download.ts";
import { readParquet } from "./parquet.ts";
import { unwritable } from "../../files/write-refusal.ts";
import type { Suite, SuiteOptions, SuiteRecord } from "./suite.ts";

export interface SuiteFilesOptions extends DownloadProgress {
  /** The user's own copies; nothing is downloaded then. */
  readonly own?: readonly string[] | undefined;
  readonly hub: HubSettings;
}

export interface SuiteFiles {
  /** JSON Lines that readProblems knows. */
  readonly paths: readonly string[];
  readonly close: () => Promise<void>;
}

/** A suite's files, downloaded unless the user has them; what readProblems does not know is rewritten next to it. */
export async function suiteFiles(
  suite: Suite,
  options: SuiteOptions,
  { own, hub, ...download }: SuiteFilesOptions,
): Promise<SuiteFiles> {
  const sources: string[] = [];
  for (const path of own ?? []) sources.push(path);
  if (own === undefined) {
    for (const file of suite.files(options)) sources.push(await fetchDatasetFile(file, hub, download));
  }
  let folder: string | undefined;
  const close = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const paths: string[] = [];
    for (const [at, source] of sources.entries()) {
      const isParquet = source.endsWith(".parquet");
      if (!isParquet && (suite.convert === undefined || options.split === "complete")) {
        paths.push(source);
        continue;
      }
      folder ??= await mkdtemp(join(tmpdir(), "funprm-suite-"));
      const path = join(folder, `${at}.jsonl`);
      const records = isParquet ? readParquet(source) : jsonRecords(source);
      await pipeline(converted(records, suite, options), createWriteStream(path));
      paths.push(path);
    }
    return { paths, close };
  } catch (error) {
    await close();
    throw unwritable(tmpdir(), error, "name another folder with TMPDIR");
  }
}

async function* converted(
  records: AsyncIterable<SuiteRecord>,
  { name, convert }: Suite,
  options: SuiteOptions,
): AsyncGenerator<string> {
  for await (const record of records) {
    try {
      yield `${JSON.stringify(convert === undefined ? record : convert(record, options))}\n`;
    } catch (cause) {
      if (cause instanceof FunprmError) throw cause;
      throw new FunprmError("input", `${name}: a record cannot be written as JSON: ${String(cause)}`, {
        cause,
      });
    }
  }
}

async function* jsonRecords(source: string): AsyncGenerator<SuiteRecord> {
  for await (const record of readRecords(source))
    yield parseObject(record.text, `${record.file}:${record.line}`, { python: true });
}
