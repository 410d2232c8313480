/** HTML and SVG as tagged templates: whatever is put in is text unless it came from `html` itself. */

/** Markup that is safe to show; only `html` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold; nothing is written for null, undefined and false. */
export type Content = string | number | Markup | readonly Content[] | null | undefined | false;

/** `html\`<td title="${title}">${cells}</td>\``: values are escaped for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    strings.map((string, at) => (at < values.length ? string + render(values[at]) : string)).join(""),
  );
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "string") return escapeText(content);
  if (typeof content === "number") return String(content);
  return content.map(render).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escaped for HTML and XML; what neither may hold (control characters, lone surrogates) becomes U+FFFD, and so do marks that
 * turn the order of what follows around.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)
    .replace(/[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/**
 * JSON for a `<script>` of a data type. `<` is written as an escape, so that nothing in it can end the element or
 * open a comment.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
