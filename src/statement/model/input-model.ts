import type { ProbeInput } from "../inputs/probe-inputs.ts";

/** Where a rule was read. */
export type Origin = "constraint" | "format" | "signature" | "prose" | "example";

/** `stated`: the statement says it; `likely`: read from prose or a habit of statements; `weak`: only the examples show it. */
export type Sureness = "stated" | "likely" | "weak";

/** A value of an input: of a scalar, a list or a record (its fields in order). */
export type Value = number | string | boolean | null | readonly Value[];

/**
 * The form of an input. Names are those of the statement, with `[]` for every index: the elements of `A` are `A[]`,
 * the columns of rows `u_i v_i` are `u[]` and `v[]`, cells are `grid[][]`.
 */
export type Form = Scalar | List | Row | Choice | Literal;

export interface Scalar {
  readonly kind: "scalar";
  readonly name: string;
  readonly type: "integer" | "real" | "word" | "boolean";
  /** The length of a word where the form fixes it: an expression. */
  readonly length?: string;
}

export interface List {
  readonly kind: "list";
  /** "" for rows, which have no name of their own. */
  readonly name: string;
  /** The number of elements, an expression in other names; absent: free, bounded by rules on `NAME.length`. */
  readonly count?: string;
  readonly of: Form;
  /** Between elements in a stdin input. */
  readonly separator: " " | "\n";
  /** Every element has names of its own, which stand without an index: test cases, queries. */
  readonly scope?: true;
}

export interface Row {
  readonly kind: "row";
  readonly fields: readonly Form[];
  readonly separator: " " | "\n";
}

/** One of several rows: queries of several types. */
interface Choice {
  readonly kind: "choice";
  readonly options: readonly Row[];
}

/** A fixed word: the type of a query. */
interface Literal {
  readonly kind: "literal";
  readonly text: string;
}

export type Sign = "<" | "<=" | "==" | "!=";

/** What must hold. Expressions are plain mathematics (bound-expression.ts). */
export type Claim =
  /** `1 <= x, y < n`: every part is a list of expressions, each related to each of the next part. */
  | {
      readonly kind: "chain";
      readonly parts: readonly (readonly string[])[];
      readonly signs: readonly Sign[];
    }
  | { readonly kind: "divisible"; readonly value: string; readonly by: string; readonly rest: number }
  | { readonly kind: "letters"; readonly name: string; readonly letters: string }
  | { readonly kind: "words"; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: "no-leading-zero"; readonly name: string }
  /** The letter stands in the word (or grid) this many times. */
  | {
      readonly kind: "holds";
      readonly name: string;
      readonly letter: string;
      readonly least: number;
      readonly most?: number;
    }
  /** The tuples that several columns make are pairwise different; `unordered`: also when turned round. */
  | { readonly kind: "distinct"; readonly names: readonly string[]; readonly unordered?: true }
  | { readonly kind: "sorted"; readonly name: string; readonly order: 1 | -1; readonly strict: boolean }
  | { readonly kind: "permutation"; readonly name: string; readonly from: 0 | 1 }
  /** Neighbours differ. */
  | { readonly kind: "neighbours-differ"; readonly name: string }
  /** Rows with two ends are the edges of a graph on the nodes from..from+nodes-1. */
  | {
      readonly kind: "graph";
      readonly ends: readonly [string, string];
      readonly nodes: string;
      readonly from: 0 | 1;
      readonly tree: boolean;
      readonly connected: boolean;
      readonly loops: boolean;
      readonly multiple: boolean;
    }
  /** A sum over all test cases, or over the elements of a list. */
  | { readonly kind: "sum"; readonly name: string; readonly most: number }
  /** All rows of a list of lists are equally long. */
  | { readonly kind: "rectangular"; readonly name: string }
  /** Two lengths are equal. */
  | { readonly kind: "same-length"; readonly names: readonly string[] };

export interface Rule {
  readonly claim: Claim;
  readonly from: Origin;
  readonly sureness: Sureness;
}

/** A part of the statement that restricts inputs and was not understood. */
export interface Unread {
  readonly kind: "form" | "bound" | "sentence" | "example";
  readonly text: string;
}

/** What is known about the inputs of a problem. */
export interface InputModel {
  readonly type: ProbeInput["type"];
  /** undefined where the form was not understood: no input can be made. */
  readonly form?: Form;
  readonly rules: readonly Rule[];
  readonly notUnderstood: readonly Unread[];
  /** The examples' inputs in the form. */
  readonly examples: readonly Value[];
}
