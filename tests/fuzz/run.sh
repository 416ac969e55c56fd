#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
#
# Run the fuzz targets one after the other, five minutes each, and tell what came of it:
#
#   CC=clang meson setup -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false fuzz
#   ninja -C fuzz && tests/fuzz/run.sh fuzz [SECONDS [TARGET...]]
#
# What they went through stays in fuzz/corpus, what they found in fuzz/findings. Runs a second are
# those of a second of the processor, whoever else uses it. Ends with 1 if there are findings, or
# if a target runs less than 500 times a second.

set -u
build=$1
seconds=${2:-300}
shift $(($# < 2 ? $# : 2))
targets=${*:-model npy plugin presets sound state tensors}
least=500
TIMEFORMAT='%U %S'

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build/findings"
python3 "$here/seeds.py" "$build/corpus"
python3 "$here/sound_seeds.py" "$build/corpus/sound"
status=0
printf '%-8s %10s %8s %6s %8s\n' target runs runs/s edges findings
for target in $targets; do
  log=$build/findings/$target.log
  longest=4096
  [ "$target" = sound ] && longest=10000 # The heads of Ogg and FLAC are long
  { time "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=$longest -timeout=20 \
    -artifact_prefix="$build/findings/$target-" -print_final_stats=1 \
    "$build/corpus/$target" > /dev/null 2> "$log"; } 2> "$log.time"
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  speed=$(awk -v runs="${runs:-0}" 'END { printf "%d", runs / ($1 + $2 + 1e-3) }' "$log.time")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  findings=$(find "$build/findings" -name "$target-*" | wc -l)
  printf '%-8s %10s %8s %6s %8s\n' "$target" "${runs:-0}" "$speed" "${edges:-0}" "$findings"
  [ "$findings" = 0 ] && [ "$speed" -ge $least ] || status=1
done
exit $status
