/* activation - the curve between the two matrices of a feed-forward block. The names are those of config.json. */
#ifndef MATH_ACTIVATION_H
#define MATH_ACTIVATION_H

typedef enum {
    ACTIVATION_NONE,      /* a plain linear layer */
    ACTIVATION_GELU_ERF,  /* "gelu": x/2 (1 + erf(x / sqrt 2)); Hendrycks and Gimpel 2016 */
    ACTIVATION_GELU_TANH, /* "gelu_new", "gelu_pytorch_tanh": the same curve approximated by tanh; GPT-2, first BERT */
    ACTIVATION_RELU,      /* "relu": max(x, 0) */
    ACTIVATION_TANH       /* BERT's pooler */
} Activation;
#endif
