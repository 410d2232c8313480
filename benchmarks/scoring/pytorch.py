"""PyTorch's side of benchmarks/scoring: answers requests, one JSON object a line, over stdin and stdout.

    training/.venv/bin/python benchmarks/scoring/pytorch.py prefix fp32

`prefix` takes one pass per prefix, 16 to a padded batch, as the public evaluation code does (without the logits over
the vocabulary that it computes too). `program` takes one pass per program and reads every step in it. `planned` takes
the batches that the request names. A third argument names the folder of a run instead of the model of prepare.py. A
request is {"sequences": [{"ids": [..], "marks": [..] or null}], "batches": [sizes]}, an answer {"rewards": [[..]],
"seconds", "tokens"}, padding counted.
"""

import json
import sys
import time
from pathlib import Path

import torch
from prepare import OUT, random_model

from funprm_training.run_folder import load_trained

THREADS = 2
BATCH = 16


def main() -> None:
    """Loads the weights, says so, and answers until stdin ends."""
    way, precision, *run = sys.argv[1:]
    torch.set_num_threads(THREADS)
    model = load_trained(Path(run[0])).model if run else random_model()
    if not run:
        model.load_state_dict(torch.load(OUT / "model.pt"))
    model.eval()
    if precision == "bf16":
        model = model.to(torch.bfloat16)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        sequences = request["sequences"]
        size = BATCH if way == "prefix" else 1
        sizes = request.get("batches") or [size] * -(-len(sequences) // size)
        rewards, tokens, first = [], 0, 0
        start = time.perf_counter()
        with torch.inference_mode():
            for size in sizes:
                batch = sequences[first : first + size]
                first += size
                longest = max(len(item["ids"]) for item in batch)
                ids = torch.tensor([item["ids"] + [0] * (longest - len(item["ids"])) for item in batch])
                mask = torch.tensor([[int(place < len(item["ids"])) for place in range(longest)] for item in batch])
                output = model(ids, mask).float().sigmoid()
                for row, item in enumerate(batch):
                    rewards.append([float(output[row])] if item["marks"] is None else output[row, item["marks"]].tolist())
                tokens += ids.numel()
        seconds = time.perf_counter() - start
        print(json.dumps({"rewards": rewards, "seconds": seconds, "tokens": tokens}), flush=True)


if __name__ == "__main__":
    main()
