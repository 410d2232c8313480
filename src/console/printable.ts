/** Control characters but for the end of a line and the tab, marks that turn text around, and halves of characters. */
const UNPRINTABLE = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f]|\p{Cs}/gu;

/**
 * Text that a terminal shows and does not obey. Names, statements, programs and error messages come from files of
 * others: none of them may move the cursor, write a title or turn text around. What would is shown as an escape.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (mark) => {
    const code = mark.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** The same of a whole file, whose lines may end as elsewhere. */
export function printableFile(text: string): string {
  return text.split("\r\n").map(printable).join("\r\n");
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
