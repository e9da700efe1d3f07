# The five likeliest tokens at every place. This tiny random model has the head for it; no data needed.
build/17_bert --model tests/fixtures/models/prefix_gamma_mlm --mlm "the old clock struck [MASK]"
