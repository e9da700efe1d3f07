#!/bin/sh
# make bench: our program beside PyTorch and ONNX Runtime. The peers live in a Python environment under build/.
set -eu
home=build/bench-python
if [ -n "${BENCH_PYTHON:-}" ]; then
    python=$BENCH_PYTHON
else
    python=$home/bin/python
    if [ ! -x "$python" ]; then
        echo "bench: making $home (PyTorch, transformers, ONNX Runtime, matplotlib): about 1 GB, once" >&2
        python3 -m venv "$home"
        "$python" -m pip install --quiet -r tests/bench/requirements.txt
    fi
fi
data/fetch.sh minilm
OMP_NUM_THREADS=2 MKL_NUM_THREADS=2 OPENBLAS_NUM_THREADS=1 exec "$python" tests/bench/run.py "$@"
