import { join } from "node:path";
import { z } from "zod";
import { AppendOnlyFile } from "../files/append-file.ts";

const Timed = z.object({
  event: z.string(),
  count: z.number().positive(),
  per_second: z.number().positive(),
});

/** What happened when, and how fast: all that must not be in results. */
export class RunLog {
  readonly #file: AppendOnlyFile;
  readonly #started = performance.now();
  /** Units a second of stages that earlier runs in the folder came to the end of; the last run's. */
  readonly rates: ReadonlyMap<string, number>;

  private constructor(file: AppendOnlyFile, rates: ReadonlyMap<string, number>) {
    this.#file = file;
    this.rates = rates;
  }

  /** Goes on behind what earlier runs in the folder wrote. */
  static async open(folder: string): Promise<RunLog> {
    const rates = new Map<string, number>();
    const onLine = (line: string): void => {
      const timed = timedOf(line);
      if (timed !== undefined) rates.set(timed.event, timed.per_second);
    };
    return new RunLog(await AppendOnlyFile.open(join(folder, "log.jsonl"), { onLine }), rates);
  }

  async write(event: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const seconds = Math.round((performance.now() - this.#started) / 10) / 100;
    await this.#file.append(JSON.stringify({ at: new Date().toISOString(), seconds, event, ...facts }));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function timedOf(line: string): z.infer<typeof Timed> | undefined {
  try {
    return Timed.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
