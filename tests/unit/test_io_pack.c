/* SPDX-License-Identifier: MIT */
/* Compressed output, and what is appended to. */
#include "test_io.h"

#include "base/magic.h"

static const char *const names[] = {"a.gz", "a.zst"};

static struct cosend_output *opened(struct cosend_io *io, const char *path,
                                    enum cosend_output_mode mode)
{
    struct cosend_output *output;
    struct cosend_error error = {0};

    if (cosend_output_open(io, path, mode, &output, &error))
        fail_msg("%s", error.message);
    return output;
}

static void put(struct cosend_output *output, const char *text, size_t length)
{
    assert_int_equal(cosend_output_write(output, text, length, NULL),
                     COSEND_OK);
}

static void commit(struct cosend_output *output)
{
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_OK);
    cosend_output_free(output);
}

static void write_file(struct cosend_io *io, const char *path,
                       enum cosend_output_mode mode, const char *text)
{
    struct cosend_output *output = opened(io, path, mode);

    put(output, text, strlen(text));
    commit(output);
}

/* What there is of a file, unpacked, and how it ended. To be freed. */
static char *unpacked(struct cosend_io *io, const char *path, size_t *length,
                      int *status)
{
    struct cosend_input *input;
    char *text = malloc(1 << 22);
    size_t got;

    assert_non_null(text);
    *length = 0;
    assert_int_equal(cosend_input_open(io, path, 0, &input, NULL), COSEND_OK);
    do {
        *status = cosend_input_read(input, text + *length, 4096, &got, NULL);
        *length += got;
    } while (*status == COSEND_OK);
    cosend_input_free(input);
    text[*length] = '\0';
    return text;
}

static void assert_unpacks(struct cosend_io *io, const char *path,
                           const char *expected, int status)
{
    size_t length;
    int was;
    char *text = unpacked(io, path, &length, &was);

    assert_string_equal(text, expected);
    assert_int_equal(was, status);
    free(text);
}

static unsigned char magic_of(const char *path)
{
    size_t length;
    char *text = slurp(path, &length);
    enum csi_packed kind = csi_magic_of((unsigned char *)text, length);

    free(text);
    return (unsigned char)kind;
}

/* Some that packs well, and some that does not. */
static void fill(char *data, size_t length)
{
    uint32_t random = 1;

    for (size_t i = 0; i < length; i++) {
        random = random * 1664525 + 1013904223;
        data[i] = i % 5000 < 2500 ? "abcdefgh\n"[i % 9] : (char)(random >> 24);
    }
}

static void test_what_is_packed_reads_back(void **state)
{
    enum { LENGTH = 1 << 20 };
    static char data[LENGTH];
    static const size_t pieces[] = {LENGTH, 70001, 333};

    (void)state;
    fill(data, LENGTH);
    for (size_t i = 0; i < 12; i++) {
        struct cosend_io *io = planned_io();
        const char *name = names[i % 2];
        size_t length, piece = pieces[i / 2 % 3];
        struct cosend_output *output = opened(
            io, name, i < 6 ? COSEND_OUTPUT_PLAIN : COSEND_OUTPUT_ATOMIC);
        char *text;
        int status;

        plan.most = i % 4 == 1 ? 777 : 0;
        for (size_t at = 0; at < LENGTH; at += piece)
            put(output, data + at, at + piece < LENGTH ? piece : LENGTH - at);
        commit(output);
        assert_int_equal(magic_of(name),
                         i % 2 ? CSI_PACKED_ZSTD : CSI_PACKED_GZIP);
        text = unpacked(io, name, &length, &status);
        assert_int_equal(status, COSEND_DONE);
        assert_int_equal(length, LENGTH);
        assert_memory_equal(text, data, LENGTH);
        free(text);
        entries("", true);
        cosend_io_free(io);
    }
}

static void test_nothing_packs_to_something_empty(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        commit(opened(io, names[i], COSEND_OUTPUT_ATOMIC));
        assert_true(magic_of(names[i]) > CSI_PACKED_NOT);
        assert_unpacks(io, names[i], "", COSEND_DONE);
    }
    entries("", true);
    cosend_io_free(io);
}

/* Both within what was not flushed, and behind what went on unflushed. */
static void test_a_flush_makes_all_readable(void **state)
{
    enum { LENGTH = 70000 };
    struct cosend_io *io = planned_io();
    static char data[LENGTH + 1];

    (void)state;
    memset(data, 'x', LENGTH);
    for (size_t i = 0; i < 4; i++) {
        const char *text = i < 2 ? "one\ntwo\n" : data;
        struct cosend_output *output =
            opened(io, names[i % 2], COSEND_OUTPUT_PLAIN);

        put(output, text, strlen(text));
        assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
        assert_unpacks(io, names[i % 2], text, COSEND_E_INPUT);
        commit(output);
        assert_unpacks(io, names[i % 2], text, COSEND_DONE);
    }
    entries("", true);
    cosend_io_free(io);
}

static void test_a_full_disk_is_told_of_what_is_packed(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct cosend_io *io = planned_io();
        struct cosend_error error = {0};
        struct cosend_output *output;
        int status;

        spit_text(names[i % 2], "old");
        output = opened(io, names[i % 2], COSEND_OUTPUT_ATOMIC);
        put(output, "new", 3);
        plan_failure(i < 4   ? WRITE
                     : i < 6 ? FSYNC
                             : CLOSE,
                     1, 1, i < 2 ? ENOSPC : EIO);
        status = cosend_output_commit(output, &error);
        assert_int_equal(status, COSEND_E_OUTPUT);
        assert_int_equal(cosend_output_flush(output, NULL), COSEND_E_OUTPUT);
        cosend_output_free(output);
        assert_holds(names[i % 2], "old");
        assert_int_equal(entries("", true), 1);
        cosend_io_free(io);
    }
}

static void test_want_of_memory_is_told_of_what_is_packed(void **state)
{
    struct cosend_io *io = planned_io();
    int status;

    (void)state;
    for (unsigned count = 0, i = 0; i < 2; i++) {
        do {
            struct cosend_output *output;

            allow_allocations(count++);
            status = cosend_output_open(io, names[i], COSEND_OUTPUT_ATOMIC,
                                        &output, NULL);
            if (status == COSEND_OK)
                status = cosend_output_write(output, "abc", 3, NULL);
            if (status == COSEND_OK)
                status = cosend_output_commit(output, NULL);
            assert_true(status == COSEND_OK || status == COSEND_E_MEMORY);
            cosend_output_free(output);
            assert_int_equal(entries(".", false), 0);
        } while (status);
        cosend_set_allocator(NULL, NULL, NULL);
        assert_unpacks(io, names[i], "abc", COSEND_DONE);
        count = 0;
    }
    entries("", true);
    cosend_io_free(io);
}

/* ---- Appending ----------------------------------------------------------- */

static void test_an_append_ends_the_last_line_first(void **state)
{
    static const char *const all[] = {"a", "a.gz", "a.zst"};
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        write_file(io, all[i], COSEND_OUTPUT_APPEND, "1\n");
        write_file(io, all[i], COSEND_OUTPUT_APPEND, "2");
        write_file(io, all[i], COSEND_OUTPUT_APPEND, "3");
        assert_unpacks(io, all[i], "1\n2\n3", COSEND_DONE);
        /* Nothing appended is nothing changed. */
        commit(opened(io, all[i], COSEND_OUTPUT_APPEND));
        assert_unpacks(io, all[i], "1\n2\n3", COSEND_DONE);
    }
    entries("", true);
    cosend_io_free(io);
}

static void test_an_append_knows_what_was_there(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output = opened(io, "a.gz", COSEND_OUTPUT_APPEND);
    const char *start;
    size_t length;

    (void)state;
    assert_false(cosend_output_appends(output, &start, &length));
    put(output, "id\n1\n", 5);
    commit(output);
    output = opened(io, "a.gz", COSEND_OUTPUT_APPEND);
    assert_true(cosend_output_appends(output, &start, &length));
    assert_int_equal(length, 5);
    assert_memory_equal(start, "id\n1\n", 5);
    cosend_output_free(output);
    entries("", true);
    cosend_io_free(io);
}

static void test_what_is_damaged_is_not_appended_to(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    struct cosend_error error = {0};
    size_t length;
    char *text;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        write_file(io, names[i], COSEND_OUTPUT_PLAIN, "one\ntwo\nthree\n");
        text = slurp(names[i], &length);
        for (size_t cut = 1; cut < length; cut++) {
            spit(names[i], text, cut);
            assert_int_equal(cosend_output_open(io, names[i],
                                                COSEND_OUTPUT_APPEND, &output,
                                                &error),
                             COSEND_E_OUTPUT);
            assert_non_null(strstr(error.message, "nothing can be appended"));
        }
        free(text);
        spit_text(names[i], "plain text\n");
        assert_int_equal(cosend_output_open(io, names[i], COSEND_OUTPUT_APPEND,
                                            &output, &error),
                         COSEND_E_OUTPUT);
        assert_holds(names[i], "plain text\n");
    }
    entries("", true);
    cosend_io_free(io);
}

/* ---- What is compressed otherwise ---------------------------------------- */

static const struct {
    const char *bytes;
    size_t length;
    const char *command;
} others[] = {
    {"BZh91AY&SY\xf6\x6c", 12, "bzcat x | cosend"},
    {"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0", 14, "bzcat x | cosend"},
    {"\xfd"
     "7zXZ\0\0\4",
     8, "xzcat x | cosend"},
    {"\4\"M\x18\x64\x40\xa7", 7, "lz4cat x | cosend"},
    {"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0\x30", 15,
     "xzcat x | cosend"},
    {"\x5d\0\0\x80\0\5\0\0\0\0\0\0\0\0\x30", 15, "xzcat x | cosend"},
    {"PK\3\4\x14\0", 6, "unzip -p x | cosend"},
    {"7z\xbc\xaf\x27\x1c\0", 7, "7z x -so x | cosend"},
    {"\x1f\x9d\x90", 3, "zcat x | cosend"},
    {"LZIP\1", 5, "lzip -dc x | cosend"},
};

static void test_what_is_not_unpacked_here_is_refused(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        for (size_t most = 0; most < 3; most++) {
            struct cosend_error error = {0};
            struct cosend_input *input;
            char buffer[64];
            size_t length;

            spit("x", others[i].bytes, others[i].length);
            plan.most = most;
            assert_int_equal(cosend_input_open(io, "x", 0, &input, NULL),
                             COSEND_OK);
            assert_int_equal(cosend_input_read(input, buffer, sizeof(buffer),
                                               &length, &error),
                             COSEND_E_INPUT);
            if (!strstr(error.message, others[i].command))
                fail_msg("%s", error.message);
            cosend_input_free(input);
        }
    entries("", true);
    cosend_io_free(io);
}

/* What only begins as one of them is data, to the last byte. */
static void test_what_only_begins_so_is_data(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        for (size_t cut = 1; cut < 13 && cut < others[i].length; cut++) {
            size_t length;
            int status;
            char *text;
            enum csi_packed kind =
                csi_magic_of((const unsigned char *)others[i].bytes, cut);

            if (kind == CSI_PACKED_OTHERWISE)
                break;
            assert_int_equal(kind, CSI_PACKED_UNKNOWN);
            spit("x", others[i].bytes, cut);
            text = unpacked(io, "x", &length, &status);
            assert_int_equal(status, COSEND_DONE);
            assert_int_equal(length, cut);
            assert_memory_equal(text, others[i].bytes, cut);
            free(text);
        }
    entries("", true);
    cosend_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_packed_reads_back),
        cmocka_unit_test(test_nothing_packs_to_something_empty),
        cmocka_unit_test(test_a_flush_makes_all_readable),
        cmocka_unit_test(test_a_full_disk_is_told_of_what_is_packed),
        cmocka_unit_test(test_want_of_memory_is_told_of_what_is_packed),
        cmocka_unit_test(test_an_append_ends_the_last_line_first),
        cmocka_unit_test(test_an_append_knows_what_was_there),
        cmocka_unit_test(test_what_is_damaged_is_not_appended_to),
        cmocka_unit_test(test_what_is_not_unpacked_here_is_refused),
        cmocka_unit_test(test_what_only_begins_so_is_data),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
