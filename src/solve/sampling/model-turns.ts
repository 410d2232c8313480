import { FunprmError } from "../../core/errors.ts";

/** A sample's place among the samples of its own model. */
interface Turn {
  readonly model: string;
  readonly index: number;
}

/**
 * The LLMs of one pool take turns: sample i is of model i mod M, its (i div M)th. So every model has its own samples in
 * the store, whichever others are in the pool, and N can grow.
 */
export class ModelTurns {
  readonly models: readonly string[];

  /** `names` are separated by commas. Errors: FunprmError `usage` for an empty name, or one that comes twice. */
  constructor(names: string) {
    this.models = names.split(",").map((name) => name.trim());
    const wrong = this.models.find((name, i) => name === "" || this.models.indexOf(name) !== i);
    if (wrong !== undefined) {
      const got = wrong === "" ? "an empty name" : `${wrong} twice`;
      throw new FunprmError("usage", `--model: expected different names separated by commas, got ${got}`);
    }
  }

  turn(sampleIndex: number): Turn {
    const { models } = this;
    return {
      model: models[sampleIndex % models.length] ?? "",
      index: Math.floor(sampleIndex / models.length),
    };
  }

  /** The places of one model's samples among its own. */
  ownIndices(model: string, sampleIndices: readonly number[]): number[] {
    return sampleIndices.map((i) => this.turn(i)).flatMap((turn) => (turn.model === model ? turn.index : []));
  }

  /** The sample's index in the pool. */
  sampleIndex({ model, index }: Turn): number {
    return index * this.models.length + this.models.indexOf(model);
  }
}
