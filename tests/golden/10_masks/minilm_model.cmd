# The same with every layer under the mask.
needs: minilm
tolerance: 1e-3
build/10_masks --model data/minilm --layer 3 --head 1 --mask-scope model --compare none,local:3,global-local:3:1
