/* SPDX-License-Identifier: MIT */
/* Lines of JSON that are parsed where they lie, behind a filter that emits the
   records of its batch in an order of its own. */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "host.h"

static int backwards(struct cosend_stage *self, void *options)
{
    const struct cosend_batch *batch;

    (void)options;
    while ((batch = cosend_receive_batch(self)))
        for (uint32_t i = cosend_batch_count(batch); i-- > 0;) {
            struct cosend_record record = cosend_record_at(self, i);

            cosend_emit(self, &record);
        }
    return 0;
}

static const struct cosend_option no_options[] = {{.name = NULL}};
static const struct cosend_filter filter = {.abi = COSEND_ABI,
                                            .name = "backwards",
                                            .summary = "turn batches round",
                                            .options = no_options,
                                            .body = backwards};

static void lines_that_come_backwards_are_parsed(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    options.input_format = COSEND_FORMAT_TEXT;
    pipeline = open_line("backwards | parse as=json | set c=a", &options);
    push(pipeline, "{\"a\":\"x\",\"b\":1}\n{\"a\":\"y\",\"b\":2}\n"
                   "{\"a\":\"z\",\"b\":3}\n");
    finish(pipeline);
    assert_string_equal(taken.text, "a=z b=3 c=z ;a=y b=2 c=y ;a=x b=1 c=x ;");
}

static int register_filter(void **state)
{
    (void)state;
    return cosend_register(&filter, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_come_backwards_are_parsed),
    };

    return cmocka_run_group_tests_name("pair_rows", tests, register_filter,
                                       NULL);
}
