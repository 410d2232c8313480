/** How to cite a result: the tool with its version, and what was run. */
import type { ReportData } from "../../bench/results/report-data.ts";

/** BibTeX; the figures themselves are in the note. */
export function citation({ title, producedBy, comparison, shownSelector }: ReportData): string {
  const version = typeof producedBy["funprm"] === "string" ? producedBy["funprm"] : "";
  const size = `${comparison.problems} problems, ${comparison.candidates} candidates, selector ${shownSelector}`;
  return [
    "@software{funprm,",
    "  title = {funprm: the right one of N programs},",
    `  version = {${bibText(version)}},`,
    `  note = {${bibText(title)}; ${bibText(size)}},`,
    "}",
  ].join("\n");
}

/** Signs that TeX would obey are written out. */
function bibText(text: string): string {
  return text
    .replace(/[\\{}`]/g, "")
    .replace(/\s+/g, " ")
    .replace(/[&%$#_]/g, String.raw`\$&`)
    .replace(/[~^]/g, " ");
}
