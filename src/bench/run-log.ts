import { join } from "node:path";
import { AppendOnlyFile } from "../files/append-file.ts";

/** What happened when, and how fast: all that must not be in results. */
export class RunLog {
  readonly #file: AppendOnlyFile;
  readonly #started = performance.now();

  private constructor(file: AppendOnlyFile) {
    this.#file = file;
  }

  /** Goes on behind what earlier runs in the folder wrote. */
  static async open(folder: string): Promise<RunLog> {
    return new RunLog(await AppendOnlyFile.open(join(folder, "log.jsonl"), { onLine: () => {} }));
  }

  async write(event: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const seconds = Math.round((performance.now() - this.#started) / 10) / 100;
    await this.#file.append(JSON.stringify({ at: new Date().toISOString(), seconds, event, ...facts }));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
