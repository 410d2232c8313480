import { open } from "node:fs/promises";
import { FunprmError } from "../../core/errors.ts";
import type { SuiteRecord } from "./suite.ts";

/** Rows decoded at a time. */
const ROWS = 64;

/** The rows of a Parquet file as JSON objects: whole numbers that fit become numbers, bytes text. */
export async function* readParquet(path: string): AsyncGenerator<SuiteRecord> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const file = {
      byteLength: size,
      async slice(start: number, end = size): Promise<ArrayBuffer> {
        const buffer = new ArrayBuffer(Math.max(0, end - start));
        await handle.read(new Uint8Array(buffer), 0, buffer.byteLength, start);
        return buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    for (let start = 0; start < total; start += ROWS) {
      const rowEnd = Math.min(start + ROWS, total);
      const rows = await parquetReadObjects({ file, metadata, rowStart: start, rowEnd });
      for (const row of rows) yield plain(row);
    }
  } catch (cause) {
    if (cause instanceof FunprmError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError(
      "input",
      `${path}: cannot be read as Parquet: ${why}; remove it to download it again`,
      {
        cause,
      },
    );
  } finally {
    await handle.close();
  }
}

function plain(row: Readonly<Record<string, unknown>>): SuiteRecord {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  return Array.isArray(value) ? value.map(plainValue) : value;
}
