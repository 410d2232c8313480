#!/bin/bash
# GNU parallel: shards on one machine, or on several by ssh. Usage: parallel.sh SHARDS [JOBS_AT_ONCE]
# Other machines: HOSTS=1/node1,1/node2 parallel.sh 64. They need funprm on PATH and the shared folder at the same place.
set -euo pipefail

SHARDS=${1:?give the number of shards}
AT_ONCE=${2:-2}
SHARED=${FUNPRM_SHARED:?name the shared folder}
mkdir -p "$SHARED/parts"

# A shard, with its number as the argument: 5 is done too, with candidates that could not be judged.
grade_shard() {
  local code=0
  funprm grade "$SHARED/candidates.jsonl.gz" --problems "$SHARED/problems.jsonl" --shard "$1/$SHARDS" \
    --verdicts "$SHARED/store" --out "$SHARED/parts/part-$1.jsonl" --resume --quiet || code=$?
  [[ $code -eq 5 ]] || return "$code"
}
export -f grade_shard
export SHARED SHARDS

# A killed shard is tried three times; the log lets the same command go on with what is left.
seq 0 $((SHARDS - 1)) | parallel --jobs "$AT_ONCE" --retries 3 --joblog "$SHARED/parts/joblog" --resume-failed \
  ${HOSTS:+--sshlogin "$HOSTS" --env grade_shard --env SHARED --env SHARDS} grade_shard '{}'

funprm merge "$SHARED"/parts/part-*.jsonl --out "$SHARED/graded.jsonl"
