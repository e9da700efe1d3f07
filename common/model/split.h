/* split - who wrote a score: the q and k of one head as sums over the parts of the stream that reached it, so that
 * q_i . k_j is a table of parts x parts. For stage 19 (--why) and the page. Told in stages/19_heads.
 *
 * The parts: `token`, `position`, `segment`, the embeddings that the model adds; of each earlier layer `head l.h`, its
 * weighted values (their bias among them) through its own columns of the matrix that mixes the heads, and
 * `feed-forward l` without its last bias; and `biases`, all that depends on no token: output biases, norms' biases, and
 * the query's and key's own.
 *
 * A layer norm is linear once its statistics are held fixed: of each part its own mean is taken away, then it is
 * divided by the deviation of the whole vector, and multiplied by the gain. So the parts go through every norm on
 * their way (Elhage et al. 2021 leave the norms out; this does not), and their sum is exactly what the model computed.
 * It says what the score is made of, not what it would be without a part: then the statistics would change, too.
 *
 * RoPE turns each part as it turns the whole. ALiBi's numbers are added to the finished score and are in no part. */
#ifndef MODEL_SPLIT_H
#define MODEL_SPLIT_H
#include "attention/split_table.h"
#include "model/model.h"

/* Of a finished pass of this very model; whatever its Run was. The trace is not needed afterwards. You free it. Fails
 * with EXIT_ENVIRONMENT when it does not fit into memory. */
Split split_new(const Model *model, Workers *workers, const Trace *trace, int layer, int head);
void split_free(Split *split);
#endif
