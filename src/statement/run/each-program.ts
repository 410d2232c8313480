import pLimit from "p-limit";

/** Runs every different program once, as many at a time as the sandbox has places. */
export function eachProgram<T>(
  programs: readonly string[],
  jobs: number,
  run: (code: string) => Promise<T>,
): Promise<T[]> {
  const limit = pLimit(jobs);
  const runs = new Map<string, Promise<T>>();
  return Promise.all(
    programs.map((code) => {
      const known = runs.get(code) ?? limit(() => run(code));
      runs.set(code, known);
      return known;
    }),
  );
}
