# A model whose curve is GELU by tanh.
build/17_bert --model tests/fixtures/models/mlm_untied_tanh --terminal --layer 0 --head 1 "a lamp"
