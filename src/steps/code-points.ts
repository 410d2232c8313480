/**
 * Turns ascending offsets in UTF-16 code units into offsets in Unicode code points, the indices of Python's
 * `str`. A lone surrogate counts as one, as it does there.
 */
export function codePointOffsets(code: string, offsets: readonly number[]): number[] {
  let at = 0;
  let surrogatePairs = 0;
  return offsets.map((offset) => {
    for (; at < offset; at++) {
      if (isHighSurrogate(code.charCodeAt(at)) && isLowSurrogate(code.charCodeAt(at + 1))) surrogatePairs++;
    }
    return offset - surrogatePairs;
  });
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
