import { gradedLine } from "../../grade/output.ts";
import { bigcodebenchResults, evalAll, evalplusResults } from "../../grade/result-forms.ts";
import type { Graded } from "../../grade/verdict.ts";
import type { Options } from "../../settings/options.ts";
import type { Tests } from "./grade-run.ts";

/** Results of all candidates in the form that a suite's own tools read. */
export async function resultForm(
  form: Options["form"],
  graded: readonly Graded[],
  tests: Tests,
): Promise<string> {
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  switch (form) {
    case "evalplus":
      return JSON.stringify(evalplusResults(graded, date));
    case "bigcodebench":
      return JSON.stringify(bigcodebenchResults(graded, date));
    case "livecodebench": {
      const byProblem = new Map<string, Graded[]>();
      for (const each of graded) {
        const id = each.candidate.problemId;
        byProblem.set(id, [...(byProblem.get(id) ?? []), each]);
      }
      const records = [];
      for (const [id, group] of byProblem) {
        const problem = await tests.get(id);
        if (problem !== undefined) records.push(evalAll(problem, group));
      }
      return JSON.stringify(records);
    }
    case "funprm":
      return graded.map((each) => gradedLine(each)).join("\n");
  }
}
