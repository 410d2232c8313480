/** Numbers that depend on the seed alone, the same on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits. */
  readonly next: () => number;
  /** Uniform integer in [0, bound); the bias is below bound / 2^32. */
  readonly below: (bound: number) => number;
}

/** xoshiro128** (Blackman and Vigna, public domain reference), its state filled from the seed by splitmix32. */
export function seededRandom(seed: number): SeededRandom {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const next32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  return {
    next: () => next32() / 0x100000000,
    below: (bound) => Math.floor((next32() / 0x100000000) * bound),
  };
}
