/** Names of the tags that reasoning models and prompts put around what is not the answer. */
const NAMES = "think|thinking|thought|thoughts|reasoning|reflection|analysis|seed:think|scratchpad";
const OPENING_LINE = new RegExp(
  `^[ \\t]*(?:<(?:${NAMES})>|◁think▷|<\\|begin_of_thought\\|>|\\[THINK\\])`,
  "im",
);
const CLOSING_LINE = new RegExp(
  `^[^"'\`\\n]*?(?:</(?:${NAMES})>|◁/think▷|<\\|end_of_thought\\|>|\\[/THINK\\])[ \\t]*`,
  "im",
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
  let text = reply;
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const opening = OPENING_LINE.exec(text);
    const closing = CLOSING_LINE.exec(text);
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
