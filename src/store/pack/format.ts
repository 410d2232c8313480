/**
 * A pack is two files. `NAME.pack` holds entries as lines of JSON, by key. `NAME.idx` finds them: a record of fixed size
 * for each entry, in the same order; then for every beginning of a key the number of records with a smaller one; then a
 * description as JSON, its length and a mark.
 */
export const PACK = ".pack";
export const INDEX = ".idx";

/** Half of the key's bytes, enough to tell any number of entries apart; the line has the whole key. */
export const KEY_BYTES = 16;
const OFFSET_BYTES = 6;
const LENGTH_BYTES = 4;
export const RECORD_BYTES = KEY_BYTES + OFFSET_BYTES + LENGTH_BYTES;

export const MARK = Buffer.from("FUNPRM-1");
/** Length of the description, then the mark. */
export const TAIL_BYTES = 4 + MARK.length;

/** Records that a beginning of a key leads to, about. */
const RECORDS_A_BEGINNING = 64;
const MOST_BEGINNING_BITS = 16;

/** Bits of a key that the table of beginnings tells apart, for so many entries: the table takes 256 KiB at most. */
export function beginningBits(count: number): number {
  return Math.max(0, Math.min(MOST_BEGINNING_BITS, Math.ceil(Math.log2(count / RECORDS_A_BEGINNING + 1))));
}

/** The first bits of a key as a number. */
export function beginningOf(key: Buffer, bits: number): number {
  return key.readUInt16BE(0) >>> (MOST_BEGINNING_BITS - bits);
}

/** Where an entry's line is in the pack. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export function writeRecord(record: Buffer, at: number, key: Buffer, { offset, length }: Place): void {
  key.copy(record, at, 0, KEY_BYTES);
  record.writeUIntLE(offset, at + KEY_BYTES, OFFSET_BYTES);
  record.writeUInt32LE(length, at + KEY_BYTES + OFFSET_BYTES);
}

export function readPlace(records: Buffer, at: number): Place {
  return {
    offset: records.readUIntLE(at + KEY_BYTES, OFFSET_BYTES),
    length: records.readUInt32LE(at + KEY_BYTES + OFFSET_BYTES),
  };
}
