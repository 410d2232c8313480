import { z } from "zod";

/** One message between this process and a fork server; the layout is described in python/frames.py. */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly blobs: readonly Buffer[];
}

/** The bytes of a frame. */
export function encodeFrame(header: Readonly<Record<string, unknown>>, texts: readonly string[]): Buffer {
  const blobs = texts.map((text) => Buffer.from(text, "utf8"));
  const head = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map((blob) => blob.length) }), "utf8");
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(4 + head.length + blobs.reduce((sum, blob) => sum + blob.length, 0), 0);
  prefix.writeUInt32BE(head.length, 4);
  return Buffer.concat([prefix, head, ...blobs]);
}

const headerSchema = z.looseObject({ blobs: z.array(z.int().nonnegative()) });

/** Puts frames together from chunks of any size. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #size = 0;

  /** Adds a chunk and returns the frames that are whole now. Throws on a header that is none. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      const rest = this.#size >= 8 ? this.#joined(8).readUInt32BE(0) : Number.POSITIVE_INFINITY;
      if (this.#size < 4 + rest) return frames;
      const all = this.#joined(4 + rest);
      frames.push(readFrame(all.subarray(4, 4 + rest)));
      this.#size -= 4 + rest;
      // An empty rest would keep the whole frame in memory.
      this.#chunks = this.#size === 0 ? [] : [all.subarray(4 + rest)];
    }
  }

  /** The first chunk, grown to at least `size` bytes. */
  #joined(size: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= size) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

function readFrame(rest: Buffer): Frame {
  const headEnd = 4 + rest.readUInt32BE(0);
  const header = headerSchema.parse(JSON.parse(rest.toString("utf8", 4, headEnd)));
  const blobs: Buffer[] = [];
  let at = headEnd;
  for (const size of header.blobs) {
    blobs.push(rest.subarray(at, at + size));
    at += size;
  }
  return { header, blobs };
}
