/* 15.1: an untrained model spreads its guess over all kinds of tokens: ln V. V is counted here. */
#include "judge.h"
#include "base/files.h"
#include "text/regex_tokens.h"
#include <math.h>

void check(void) {
    input("data/lamplighter.txt in words");
    Bytes text = file_read("data/lamplighter.txt");
    TextSpans spans = {0};
    regex_split(text.data, text.size, &spans);
    Vocab vocab = regex_vocab(text.data, &spans, false);
    double loss = log(vocab.count);
    vocab_free(&vocab);
    text_spans_free(&spans);
    bytes_free(&text);
    answer_number("loss", loss, 0.0501);
}
