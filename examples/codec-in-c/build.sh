#!/bin/sh
# Builds netstrings.wasm beside this file, or at the path given. CLANG names another compiler than clang.
set -eu
out=${1:-$(dirname "$0")/netstrings.wasm}
case $out in /*) ;; *) out=$PWD/$out ;; esac
cd "$(dirname "$0")"
# clang runs any wasm-opt that it finds, and npm puts one in the way: the same bytes come only without it
PATH=$(printf %s "$PATH" | tr : '\n' | grep -v node_modules | paste -sd: -)
exec "${CLANG:-clang}" --target=wasm32 -std=c11 -O2 -Wall -Wextra -ffreestanding -nostdlib -mbulk-memory \
  -Wl,--no-entry -Wl,--export=control -Wl,--strip-all -Wl,-z,stack-size=4096 \
  netstrings.c -o "$out"
