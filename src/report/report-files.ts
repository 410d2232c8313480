/** What people open. */
export const PAGE = "report.html";

/** Files that are rendered of a run, in its folder. */
export const REPORT_FILES = [PAGE, "report.md", "report.json", "selectors.csv", "junit.xml"] as const;

export type ReportFile = (typeof REPORT_FILES)[number];
