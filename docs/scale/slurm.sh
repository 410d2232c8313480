#!/bin/bash
# A Slurm array: one task a shard. Submit with `sbatch slurm.sh`; a task that failed or was preempted is run again and goes
# on where it was. Merge when all are done: see the last lines.
#SBATCH --job-name=funprm-grade
#SBATCH --array=0-63
#SBATCH --cpus-per-task=16
#SBATCH --mem=32G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=logs/grade-%a.log
set -euo pipefail

# Number of shards: --array=0-63 are 64. Keep it when only some tasks run again: `sbatch --array=3,17 slurm.sh`.
SHARDS=64
# A folder that all nodes see and that has hard links: NFS, Lustre, GPFS, CephFS.
SHARED=${FUNPRM_SHARED:?name the shared folder}
# Programs, problems and pipes are small files: work on the node's own disk.
export TMPDIR=${SLURM_TMPDIR:-/tmp}

mkdir -p "$SHARED/parts"
# 0 is done; 5 is done too, with candidates that could not be judged. All else is a failure that Slurm shall see.
code=0
srun --ntasks=1 funprm grade "$SHARED/candidates.jsonl.gz" --problems "$SHARED/problems.jsonl" \
  --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --jobs "$SLURM_CPUS_PER_TASK" \
  --verdicts "$SHARED/store" --out "$SHARED/parts/part-$SLURM_ARRAY_TASK_ID.jsonl" --resume --quiet || code=$?
[[ $code -eq 0 || $code -eq 5 ]] || exit "$code"

# Afterwards, once, as a job of its own: `sbatch --dependency=afterok:JOBID --wrap "..."` with
#   funprm merge "$SHARED"/parts/part-*.jsonl --out "$SHARED/graded.jsonl"
