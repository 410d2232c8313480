/** Marks of chat templates that reach a reply: turns, roles, echoed prompts. */

/** Text that models print behind their answer; what follows is not theirs any more. */
const END_OF_TEXT = new RegExp(
  `^[^"'\\n]*?(${[
    `<[|｜](?:endoftext|im_end|eot_id|eot|eom_id|end_of_text|end_of_turn|end▁of▁sentence|end_of_solution|endofturn|return|call|end|` +
      `END_OF_TURN_TOKEN|END_RESPONSE|user|observation|end_of_box|file_sep)[|｜]>`,
    `\\[\\|endofturn\\|\\]`,
    `<(?:end_of_turn|turn\\||eos|\\|im_start\\|>user|start_of_turn>user|file_sep)>?`,
    `\\[END FINAL RESPONSE\\]`,
    `</s>[ \\t]*$`,
  ].join("|")})`,
  "m",
);
/** Names of roles and turns before an answer; several may follow each other. */
const HEADERS =
  /^[ \t]*(?:(?:<[|｜][\w▁ ]{1,40}[|｜]>|<(?:start_of_turn|s|bos|\|turn)>|\[\|assistant\|\]|\[\/INST\])(?:assistant|model|final|json|code)?[ \t]*)+/gim;
/** A base model's prompt, printed before its answer. */
const ECHOED_INSTRUCTION = /^(?:###|@@) Instruction:?[ \t]*$/m;
const ECHOED_RESPONSE = /^(?:###|@@) Response:?[ \t]*$/gm;

/** The text without an echoed prompt, without what follows the model's last token, and without marks at lines' beginnings. */
export function withoutTemplate(text: string): string {
  const answer = withoutEcho(text.replace(FIRST_HEADERS, ""));
  const end = END_OF_TEXT.exec(answer);
  const own = end === null ? answer : answer.slice(0, end.index + end[0].length - (end[1] ?? "").length);
  return own.replaceAll(HEADERS, "");
}

const FIRST_HEADERS = new RegExp(`^\\s*${HEADERS.source.slice(1)}`, "i");

function withoutEcho(text: string): string {
  const response = [...text.matchAll(ECHOED_RESPONSE)].at(-1);
  const echo = ECHOED_INSTRUCTION.exec(text);
  if (response === undefined || echo === null || response.index < echo.index) return text;
  return text.slice(response.index + response[0].length);
}
