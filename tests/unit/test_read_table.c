/* SPDX-License-Identifier: MIT */
/* Tables that a step reads, and which way a record came to it. */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

/* ---- A filter that adds what a table says of a record -------------------- */

struct look {
    struct cosend_read_options read;
    struct cosend_field field;
};

static const struct cosend_option look_options[] = {
    {.name = "files",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct look, read.paths),
     .flags = COSEND_MAIN},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct look, field),
     .flags = COSEND_ONLY_COLUMN},
    {.name = "reader",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct look, read.format),
     .group = cosend_reader_options},
    {.name = NULL}};

struct rows {
    struct cosend_bytes text; /* key, value, key, value, ... */
    int refuse;
};

static size_t columns_told; /* of all tables */

static int note(const struct cosend_record *record, void *context)
{
    struct rows *rows = context;
    struct cosend_item item = {0};
    int count = 0;

    if (rows->refuse)
        return COSEND_E_USER;
    for (; count < 2 && cosend_next_item(record, &item, NULL); count++)
        cosend_put_bytes(&rows->text, item.cell.data, item.cell.length);
    for (; count < 2; count++)
        cosend_put_bytes(&rows->text, "", 0);
    return rows->text.failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* The columns come once, before the first record, and without one too. */
static int count(const struct cosend_schema *schema, void *context)
{
    const struct rows *rows = context;

    assert_int_equal(rows->text.length, 0);
    columns_told += cosend_schema_count(schema);
    return COSEND_OK;
}

static struct cosend_cell find(const struct rows *rows, struct cosend_cell key)
{
    struct cosend_reader_bytes from =
        cosend_read_bytes(rows->text.data, rows->text.length);
    struct cosend_cell none = {0};

    while (from.next < from.end) {
        size_t length, value_length;
        const char *name = cosend_get_bytes(&from, &length);
        const char *value = cosend_get_bytes(&from, &value_length);

        if (length == key.length && memcmp(name, key.data, length) == 0)
            return cosend_text(value, value_length);
    }
    return none;
}

static void free_rows(void *memory)
{
    cosend_bytes_free(&((struct rows *)memory)->text);
}

static int refuse;

static int look_body(struct cosend_stage *self, void *memory)
{
    const struct look *look = memory;
    struct rows *rows = cosend_stage_memory(self, sizeof(*rows));
    struct cosend_table_reader reader = {.columns = count, .each = note};
    struct cosend_column column = cosend_add_column(self, "found");
    struct cosend_record record;

    if (!rows || !cosend_stage_defer(self, free_rows, rows))
        return COSEND_E_MEMORY;
    rows->refuse = refuse;
    reader.context = rows;
    if (cosend_read_table(self, &look->read, &reader) < 0)
        return 0;
    while (cosend_receive(self, &record)) {
        cosend_set(self, column,
                   find(rows, cosend_field(&record, look->field)));
        cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_filter look = {
    .abi = COSEND_ABI,
    .name = "look",
    .summary = "add what a table says",
    .options_size = sizeof(struct look),
    .options = look_options,
    .body = look_body,
    .parallel = COSEND_STATELESS,
};

/* ---- And one that says which way records came ---------------------------- */

static int way_body(struct cosend_stage *self, void *unused)
{
    struct cosend_column column = cosend_add_column(self, "way");
    struct cosend_record record, kept;

    (void)unused;
    cosend_tell_inputs(self);
    while (cosend_receive(self, &record)) {
        cosend_set_integer(self, column, cosend_input_of(self, &record));
        cosend_emit(self, &record);
        if (!cosend_keep(self, &record, &kept))
            return COSEND_E_MEMORY;
        if (cosend_input_of(self, &record) != cosend_input_of(self, &kept))
            return COSEND_E_USER;
        cosend_release(self, &kept);
    }
    return 0;
}

static const struct cosend_filter way = {
    .abi = COSEND_ABI,
    .name = "way",
    .summary = "say which way a record came",
    .body = way_body,
};

/* ---- Running ------------------------------------------------------------- */

static int run_line(const char *line, const char *input, uint32_t size,
                    struct taken *taken, struct cosend_error *error)
{
    struct cosend_options made = host(taken);
    struct cosend_pipeline *pipeline;

    *error = (struct cosend_error){0};
    made.batch_size = size;
    pipeline = line[0] == '{'
                   ? cosend_pipeline_from_json(line, strlen(line), &made, error)
                   : cosend_pipeline_from_line(line, &made, error);
    if (!pipeline)
        fail_msg("%s", error->message);
    if (cosend_pipeline_open(pipeline, error) == COSEND_OK)
        cosend_pipeline_push(pipeline, input, strlen(input), error);
    cosend_pipeline_finish(pipeline, error);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    return error->kind;
}

static char path[] = "/tmp/cosend-table-XXXXXX.csv";

static void write_table(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void a_table_is_read_before_the_first_record(void **state)
{
    static const uint32_t sizes[] = {1, 2, 0};
    struct cosend_error error;
    struct taken taken;
    char line[128];

    (void)state;
    write_table("id,name\n1,\"on,e\"\n2,two\n");
    snprintf(line, sizeof(line), "look %s", path);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run_line(line, "2\n1\n3\n", sizes[i], &taken, &error),
                         COSEND_OK);
        assert_string_equal(taken.text, "line=2 found=two ;line=1 found=on,e "
                                        ";line=3 ;");
    }
    write_table("id;name\n7;x\n");
    snprintf(line, sizeof(line), "look %s delimiter=;", path);
    assert_int_equal(run_line(line, "7\n", 0, &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "line=7 found=x ;");
    write_table("id,name\n");
    snprintf(line, sizeof(line), "look %s", path);
    assert_int_equal(run_line(line, "7\n", 0, &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "line=7 ;");
    /* Two of the first table three times, of the second and of the third. */
    assert_int_equal(columns_told, 10);
}

static void a_table_that_will_not_do_ends_the_run(void **state)
{
    struct cosend_error error;
    struct taken taken;
    char line[128], wanted[128];

    (void)state;
    write_table("id,name\n1,one\n2\n");
    snprintf(line, sizeof(line), "look %s", path);
    assert_int_equal(run_line(line, "1\n", 0, &taken, &error), COSEND_E_DATA);
    snprintf(wanted, sizeof(wanted), "%s:3: ", path);
    assert_memory_equal(error.message, wanted, strlen(wanted));
    assert_string_equal(error.step, "look");
    assert_string_equal(taken.text, "");
    assert_int_equal(run_line("look /nowhere.csv", "1\n", 0, &taken, &error),
                     COSEND_E_INPUT);
    assert_non_null(strstr(error.message, "/nowhere.csv"));
    assert_int_equal(run_line("look", "1\n", 0, &taken, &error),
                     COSEND_E_USAGE);
    write_table("id,name\n1,one\n");
    refuse = 1;
    assert_int_equal(run_line(line, "1\n", 0, &taken, &error), COSEND_E_USER);
    refuse = 0;
}

static void a_record_tells_which_way_it_came(void **state)
{
    static const char json[] =
        "{\"cosend\": 1, \"steps\": [{\"broadcast\": {"
        "\"a\": [{\"grep\": \"[13]\"}], \"b\": [{\"grep\": \"[23]\"}]}}, "
        "{\"way\": {}}]}";
    static const uint32_t sizes[] = {1, 2, 3, 0};
    struct cosend_error error;
    struct taken taken;

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            run_line(json, "1\n2\n3\n2\n1\n", sizes[i], &taken, &error),
            COSEND_OK);
        assert_string_equal(taken.text, "line=1 way=0 ;line=2 way=1 ;"
                                        "line=3 way=0 ;line=3 way=1 ;"
                                        "line=2 way=1 ;line=1 way=0 ;");
    }
    assert_int_equal(run_line("way", "1\n", 0, &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "line=1 way=0 ;");
}

static int set_up(void **state)
{
    int descriptor = mkstemps(path, 4);

    (void)state;
    return descriptor < 0 || close(descriptor) != 0 ||
           cosend_register(&look, NULL) || cosend_register(&way, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read_before_the_first_record),
        cmocka_unit_test(a_table_that_will_not_do_ends_the_run),
        cmocka_unit_test(a_record_tells_which_way_it_came),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
