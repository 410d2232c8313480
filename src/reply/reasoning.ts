/** Names that models and prompts give to what is not the answer. */
const NAMES =
  "(?:seed:|mm:|ant)?(?:think|thinking|thought|thoughts|thought_process|chain_of_thought|cot|cot_budget_reflect|reasoning|reflection|" +
  "analysis|scratch_?pad|inner_monologue|monologue|deliberation)";
/** `<think>`, `[THINK]`, `◁think▷`, `<|think|>`, `<｜think｜>`: brackets of all chat templates. */
const OPEN = "(?:<[|｜]?|\\[\\|?|◁)";
const SHUT = "(?:[|｜]?>|\\|?\\]|▷)";
const ATTRIBUTES = "(?:[ \\t][^<>\\]\\n]{0,120})?";

const OPENING_LINE = new RegExp(
  `^[ \\t]*(?:${[
    `${OPEN}(?:(?:begin|start)[_▁](?:of[_▁])?)?${NAMES}(?:[_▁](?:start|begin))?${ATTRIBUTES}${SHUT}`,
    // Gemma's channels, and its unused tokens for the same.
    `<\\|channel>(?:thought|analysis)\\b`,
    `<unused94>`,
    // Open WebUI shows thoughts as a block to unfold.
    `<details[ \\t]+type="reasoning"[^<>\\n]*>`,
  ].join("|")})`,
  "im",
);
const CLOSING_LINE = new RegExp(
  `^(?:[^"'\`\\n]*?(?:${[
    `${OPEN}(?:/|end[_▁](?:of[_▁])?)${NAMES}${SHUT}`,
    `${OPEN}${NAMES}[_▁]end${SHUT}`,
    `<channel\\|>`,
    `<unused95>`,
  ].join("|")})[ \\t]*|` +
    // Servers that drop special tokens may leave their words.
    `[ \\t]*(?:/(?:think|thinking|THINK)>?|(?:END_THINKING|end_of_thought)(?:\\|>)?)[ \\t]*$)`,
  "im",
);
const CLOSING_DETAILS = /^[ \t]*<\/details>[ \t]*/im;

/** Behind which the answer begins, whatever came before. */
const FINAL = new RegExp(
  [
    // Harmony (gpt-oss), with its special tokens and without them.
    `(?:<\\|)?channel\\|?>[ \\t]*final\\b[^\\n]{0,60}?(?:<\\|)?message\\|?>`,
    `(?<!["'])assistant\\n?final(?=[A-Z\`#*\\s\\d]|def\\b|class\\b|import\\b|from\\b)`,
    `<\\|channel>final\\b`,
    `(?:<\\||^)begin_of_solution\\|?>?`,
    `(?:<\\||^)START_RESPONSE\\|?>?`,
    `\\[?BEGIN FINAL RESPONSE\\]?`,
    `^Here is my response:`,
  ].join("|"),
  "gm",
);

/** Stretches of reasoning to take out; a hostile reply could hold any number. */
const MOST_CUTS = 500;

export interface Answer {
  readonly text: string;
  /** The reply ends inside its reasoning: `text` is the reasoning. */
  readonly unfinished: boolean;
}

/**
 * The reply without its reasoning. A closing tag alone counts as well, since some servers cut the opening one. Tags
 * count at the beginning of a line, or, closing, at its end, so that a program that prints them keeps them.
 */
export function withoutReasoning(reply: string): Answer {
  let text = behindFinal(reply);
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const opening = OPENING_LINE.exec(text);
    const isDetails = opening?.[0].includes("<details") === true;
    const closing = (isDetails ? CLOSING_DETAILS : CLOSING_LINE).exec(text);
    if (closing === null) {
      const leads = opening !== null && text.slice(0, opening.index).trim() === "";
      return leads ? { text: text.slice(opening[0].length), unfinished: true } : { text, unfinished: false };
    }
    const end = closing.index + closing[0].length;
    if (opening !== null && opening.index < end) text = text.slice(0, opening.index) + text.slice(end);
    else if (cuts === 0) text = text.slice(end);
    else break;
  }
  return { text, unfinished: false };
}

/** What follows the last mark of a final answer outside of quotes. */
function behindFinal(reply: string): string {
  let start = 0;
  for (const match of reply.matchAll(FINAL)) {
    const line = reply.slice(reply.lastIndexOf("\n", match.index) + 1, match.index);
    if (!/["']/.test(line.slice(-200))) start = match.index + match[0].length;
  }
  return reply.slice(start);
}
