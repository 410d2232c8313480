/** What was typed in an interactive session, without prompts and answers. */

const PROMPT = /^[ \t]*(?:>>>(?: |$)|In \[\d+\]: ?)/;
const MORE = /^[ \t]*\.\.\.(?:: ?| |$)/;

/** The statements of a transcript; other text as it is. */
export function typedCode(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const first = lines.find((line) => line.trim() !== "") ?? "";
  if (!PROMPT.test(first)) return text;
  const typed: string[] = [];
  let isTyped = false;
  for (const line of lines) {
    const isFirst = PROMPT.test(line);
    isTyped = isFirst || (isTyped && MORE.test(line));
    if (isTyped) typed.push(line.replace(isFirst ? PROMPT : MORE, ""));
  }
  return typed.join("\n");
}
