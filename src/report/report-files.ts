/** Files that are rendered of a run, in its folder. */
export const REPORT_FILES = [
  "report.html",
  "report.md",
  "report.json",
  "selectors.csv",
  "junit.xml",
] as const;

export type ReportFile = (typeof REPORT_FILES)[number];
