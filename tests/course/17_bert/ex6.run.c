#include "block_run.h"
#include "model/bert.h"

extern void encoder_layer(Mat x, Mat maps, const BertLayer *layer, int heads);

void run_case(void) {
    Mat x = take_mat("x");
    BertLayer layer;
    layer.query = take_linear("query.weight", "query.bias");
    layer.key = take_linear("key.weight", "key.bias");
    layer.value = take_linear("value.weight", "value.bias");
    layer.mix = take_linear("mix.weight", "mix.bias");
    layer.after_attention = take_norm("after_attention.gain", "after_attention.bias");
    layer.widen = take_linear("widen.weight", "widen.bias");
    layer.narrow = take_linear("narrow.weight", "narrow.bias");
    layer.after_feed_forward = take_norm("after_feed_forward.gain", "after_feed_forward.bias");
    int heads = (int)take_int();
    Mat maps = fresh_mat("maps", heads * x.rows, x.rows);
    encoder_layer(x, maps, &layer, heads);
    hand_mat(x), hand_mat(maps);
}
