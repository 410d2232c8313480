const MARK = "[redacted]";

/** Shorter secrets are placeholders of local servers (`none`, `EMPTY`), which also occur in honest text. */
const SHORTEST_SECRET = 8;

/** Takes secrets out of text that the server sent back: some servers echo the key they refuse. */
export type Redact = (text: string) => string;

/** Replaces each secret of at least 8 characters, also where JSON or a URL has escaped it. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encodeURIComponent(secret));
    forms.add(Buffer.from(secret).toString("base64"));
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, MARK), text);
}
