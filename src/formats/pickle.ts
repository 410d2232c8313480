/** Thrown for a pickle that is anything but one pickled string; the caller knows which problem it belongs to. */
export class PickleError extends Error {
  override readonly name = "PickleError";
}

/** Python's pickletools names, for saying what was refused. Those that read a string are handled below. */
const OPCODE_NAMES: Readonly<Record<string, string>> = {
  "(": "MARK", "0": "POP", "1": "POP_MARK", "2": "DUP", F: "FLOAT", I: "INT", J: "BININT", K: "BININT1", L: "LONG",
  M: "BININT2", N: "NONE", P: "PERSID", Q: "BINPERSID", R: "REDUCE", S: "STRING", T: "BINSTRING",
  U: "SHORT_BINSTRING", a: "APPEND", b: "BUILD", c: "GLOBAL", d: "DICT", "}": "EMPTY_DICT", e: "APPENDS", g: "GET",
  h: "BINGET", i: "INST", j: "LONG_BINGET", l: "LIST", "]": "EMPTY_LIST", o: "OBJ", s: "SETITEM", t: "TUPLE",
  ")": "EMPTY_TUPLE", u: "SETITEMS", G: "BINFLOAT", B: "BINBYTES", C: "SHORT_BINBYTES", "\x81": "NEWOBJ",
  "\x82": "EXT1", "\x83": "EXT2", "\x84": "EXT4", "\x85": "TUPLE1", "\x86": "TUPLE2", "\x87": "TUPLE3",
  "\x88": "NEWTRUE", "\x89": "NEWFALSE", "\x8a": "LONG1", "\x8b": "LONG4", "\x8e": "BINBYTES8", "\x8f": "EMPTY_SET",
  "\x90": "ADDITEMS", "\x91": "FROZENSET", "\x92": "NEWOBJ_EX", "\x93": "STACK_GLOBAL", "\x96": "BYTEARRAY8",
  "\x97": "NEXT_BUFFER", "\x98": "READONLY_BUFFER",
}; // prettier-ignore

/**
 * The string in a pickle (protocols 0 to 5) that holds nothing but one string. Nothing is ever run: opcodes that build
 * or call anything else are refused by name. Throws PickleError.
 */
export function unpickleString(pickle: Buffer): string {
  let at = 0;
  let text: string | null = null;
  const take = (length: number): Buffer => {
    if (!Number.isSafeInteger(length) || length < 0 || at + length > pickle.length) {
      throw new PickleError(`the pickle ends inside an opcode at byte ${at}`);
    }
    at += length;
    return pickle.subarray(at - length, at);
  };
  const line = (): Buffer => {
    const end = pickle.indexOf(0x0a, at);
    if (end === -1) throw new PickleError(`the pickle ends inside an opcode at byte ${at}`);
    const bytes = pickle.subarray(at, end);
    at = end + 1;
    return bytes;
  };
  const push = (value: string): void => {
    if (text !== null) throw new PickleError("the pickle holds more than one string");
    text = value;
  };

  for (;;) {
    const opcode = String.fromCharCode(take(1)[0] ?? 0);
    switch (opcode) {
      case "\x80": // PROTO
        take(1);
        break;
      case "\x95": // FRAME
        take(8);
        break;
      case "\x8c": // SHORT_BINUNICODE
        push(utf8(take(take(1).readUInt8())));
        break;
      case "X": // BINUNICODE
        push(utf8(take(take(4).readUInt32LE())));
        break;
      case "\x8d": // BINUNICODE8
        push(utf8(take(Number(take(8).readBigUInt64LE()))));
        break;
      case "V": // UNICODE
        push(rawUnicodeEscape(line()));
        break;
      case "\x94": // MEMOIZE
        break;
      case "q": // BINPUT
        take(1);
        break;
      case "r": // LONG_BINPUT
        take(4);
        break;
      case "p": // PUT
        line();
        break;
      case ".": // STOP
        if (text === null) throw new PickleError("the pickle holds no string");
        if (at !== pickle.length) throw new PickleError(`the pickle goes on after its end at byte ${at}`);
        return text;
      default: {
        const name =
          OPCODE_NAMES[opcode] ?? `unknown 0x${opcode.charCodeAt(0).toString(16).padStart(2, "0")}`;
        throw new PickleError(
          `the pickle holds the opcode ${name} at byte ${at - 1}; only one string is read`,
        );
      }
    }
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new PickleError("the pickled string is not UTF-8, or too long", { cause: error });
  }
}

/** Protocol 0: Latin-1 with \uXXXX and \UXXXXXXXX; Python escapes every backslash of the string itself. */
function rawUnicodeEscape(bytes: Buffer): string {
  return bytes.toString("latin1").replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short, long) => {
    const point = Number.parseInt(String(short ?? long), 16);
    if (point > 0x10ffff) throw new PickleError("the pickled string holds a character that does not exist");
    return String.fromCodePoint(point);
  });
}
