#!/bin/sh
# make bench [ARGS="PART..."]: our programs beside their peers, which live in a Python environment under build/.
# Parts: bert, gpt2, heads, corpus, tokens, bpe_train, attention, steps, page; all without ARGS (half an hour).
# Table: build/bench.tsv.
set -eu
home=build/bench-python
if [ -n "${BENCH_PYTHON:-}" ]; then
    python=$BENCH_PYTHON
else
    python=$home/bin/python
    if [ ! -x "$python" ]; then
        echo "bench: making $home (PyTorch, transformers, ONNX Runtime, tokenizers): about 1 GB, once" >&2
        python3 -m venv "$home"
        "$python" -m pip install --quiet -r tests/bench/requirements.txt
    fi
fi
data/fetch.sh minilm the-verdict gpt2-vocabulary
export OMP_NUM_THREADS=2 MKL_NUM_THREADS=2 OPENBLAS_NUM_THREADS=1
build/tests/limits --threads 2
for part in ${*:-bert gpt2 heads corpus tokens bpe_train attention steps page}; do
    case $part in
    bert | gpt2 | heads | corpus | tokens | bpe_train | attention | steps | page) ;;
    *)
        echo "bench: error: no part $part (expected bert, gpt2, heads, corpus, tokens, bpe_train, attention, steps or" \
            "page)" >&2
        exit 2
        ;;
    esac
    echo "== $part"
    "$python" "tests/bench/$part.py"
done
