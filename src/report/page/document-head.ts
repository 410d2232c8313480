import { escapeText } from "../html.ts";

/**
 * From the doctype to the end of `<head>`, for pages that ask nothing of any network and run nothing that is not named:
 * `sources` are the directives of the content policy beside those that forbid everything else.
 */
export function documentHead(title: string, style: string, sources: readonly string[]): string {
  const policy = ["default-src 'none'", ...sources, "base-uri 'none'", "form-action 'none'"].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeText(title)} · funprm</title>`,
    // Not a byte more between the tags than what the policy's hashes are of.
    `<style>${style}</style>`,
    "</head>",
  ].join("\n");
}
