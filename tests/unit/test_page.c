/* The page as a file: base64 by RFC 4648's own examples, packing by hand, modules that become one, hostile titles. */
#include "base/error.h"
#include "show/page.h"
#include "show/squeeze.h"
#include "fixture.h"
#include "weights/block.h"

#include <string.h>

static void test_base64(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        String out = {0};
        string_add(&out, "%s", "");
        base64_add(&out, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(out.text, pairs[i][1]);
        string_free(&out);
    }
}

static void test_html(void **state) {
    (void)state;
    String out = {0};
    html_add(&out, "</title><script>alert('$&')</script> \"quoted\" & \xd7\xa9");
    assert_string_equal(out.text,
                        "&lt;/title&gt;&lt;script&gt;alert('$&amp;')&lt;/script&gt; &quot;quoted&quot; &amp; \xd7\xa9");
    string_free(&out);
}

/* Two parts: the largest number of each becomes 32767 or 127 steps. */
static void test_rounding(void **state) {
    (void)state;
    float shorts[] = {32767, -1.4f, 0, 2 * 32767, 3, -2}, bytes[] = {127, 0.6f, -127}, zeros[] = {0, 0};
    const float expected[] = {32767, -1, 0, 65534, 4, -2};
    block_round(PACK_SHORTS, shorts, 6, 2);
    for (int i = 0; i < 6; i++) assert_true(shorts[i] == expected[i]);
    block_round(PACK_BYTES, bytes, 3, 1);
    assert_true(bytes[0] == 127 && bytes[1] == 1 && bytes[2] == -127);
    block_round(PACK_BYTES, zeros, 2, 1);
    assert_true(zeros[0] == 0 && zeros[1] == 0);
}

/* What is stored: int16 as they are, bytes plus 128, and a scale beside them. */
static void test_block(void **state) {
    (void)state;
    const float numbers[] = {127, -127, 0.4f, 0};
    Block block = {0};
    block_add(&block, "x", PACK_BYTES, (Shape){{2, 2}, 2}, numbers, 1);
    Bytes bytes = block_bytes(&block, "{\"a\":1}");
    Safetensors file = safetensors_parse("block", (const unsigned char *)bytes.data, bytes.size);
    const Tensor *x = safetensors_find(&file, "x"), *scale = safetensors_find(&file, "x.scale");
    assert_non_null(x), assert_non_null(scale);
    assert_memory_equal(x->data, "\xff\x01\x80\x80", 4);
    assert_int_equal(scale->count, 1);
    assert_string_equal(safetensors_metadata(&file, "page"), "{\"a\":1}");
    safetensors_close(&file);
    bytes_free(&bytes);
    assert_int_equal(block.count, 0);
}

/* No import, no export is left, nothing that would end the script early, and what is needed stands before its user. */
static void test_script(void **state) {
    (void)state;
    String script = page_script();
    assert_null(strstr(script.text, "\nimport "));
    assert_null(strstr(script.text, "\nexport "));
    assert_null(strstr(script.text, "</script"));
    assert_null(strstr(script.text, "<!--"));
    const char *engine = strstr(script.text, "class Engine"), *main = strstr(script.text, "api_install({");
    assert_true(engine && main && engine < main);
    string_free(&script);
}

/* What is left of a script and of a style, worked out by hand. */
static void test_squeeze(void **state) {
    (void)state;
    static const char *const scripts[][2] = {
        {"const a = { b: [1, 2,], };\n", "let a={b:[1,2]};\n"},
        {"const a = 1;\nlet [b] = f(0.5, 10.5); const c = () => { const d = 1; g(); let e; };\n"
         "h.const = constant;\nlet i",
         "let a=1,[b]=f(.5,10.5),c=()=>{let d=1;g();let e};h.const=constant;let i\n"},
        {"for (const a of b) c(); let d; if (e) { f; let g; }", "for(let a of b)c();let d;if(e){f;let g}\n"},
        {"let x = 1\nlet y = \"a  // b\";", "let x=1\nlet y=\"a  // b\";\n"},
        {"f(`  ${ g( a , `{ ${ b } }` ) }  /* c */`); // d", "f(`  ${g(a,`{ ${b} }`)}  /* c */`);\n"},
        {"s.replace(/[/  ]\\/ /g, 'it\\'s  ') / 2 / n", "s.replace(/[/  ]\\/ /g,'it\\'s  ')/2/n\n"},
        {"return /* a */ /  b/ ;", "return/  b/;\n"},
        {"a - -b + +c; i++ / 2; 1 .x", "a- -b+ +c;i++/2;1 .x\n"},
        {"return\nx\n  .y\n  ? 1\n  : 2", "return\nx.y?1:2\n"},
        {"i++\nj", "i++\nj\n"},
        {"a +\n  b }", "a+b}\n"},
        {"{ f(); } { for (;;) ; } { (g)(); }", "{f()}{for(;;);}{(g)()}\n"},
        {"(x) => (y, z) => async (w) => f((v) => v)", "x=>(y,z)=>async(w)=>f(v=>v)\n"},
        {"\"never closed  ", "\"never closed  \n"}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        String out = {0};
        squeeze_script(&out, scripts[i][0]);
        assert_string_equal(out.text, scripts[i][1]);
        string_free(&out);
    }
    String out = {0};
    squeeze_style(&out,
                  "/* a */\na :hover > b,\np { margin: 0 auto; font: 1px \"Segoe  UI\", x; }\n"
                  "@media (a: 1) and (b) { }");
    assert_string_equal(out.text, "a :hover>b,p{margin:0 auto;font:1px \"Segoe  UI\",x}@media (a:1) and (b){}");
    string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_base64), cmocka_unit_test(test_html),
                                       cmocka_unit_test(test_rounding), cmocka_unit_test(test_block),
                                       cmocka_unit_test(test_script), cmocka_unit_test(test_squeeze)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
