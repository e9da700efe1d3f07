# Zero-ablation of a model that fills gaps: what becomes of its predictions.
build/19_heads --model tests/fixtures/models/prefix_gamma_mlm --terminal --ablate all "the lamp"
