# The mask student's afternoon: docs/masks.md.
needs: minilm
tolerance: 1e-3
build/10_masks --model data/minilm --layer 3 --head 1 --compare local:3,sliding:6,dilated:4:2,global-local:3:1 --tokens 16000
