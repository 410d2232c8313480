/** The page's own style and script: they are in the page, allowed by their hashes and nothing else. */
import { createHash } from "node:crypto";
import { script, style } from "./client-bundle.js";

export interface Assets {
  readonly style: string;
  readonly script: string;
  /** `sha256-...` as a content security policy names it. */
  readonly styleHash: string;
  readonly scriptHash: string;
}

export const ASSETS: Assets = {
  style,
  script,
  styleHash: sourceHash(style),
  scriptHash: sourceHash(script),
};

function sourceHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
