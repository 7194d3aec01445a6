/* SPDX-License-Identifier: MIT */
#include "cosend/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *old, size_t size)
{
    return allocations_left-- > 0 ? realloc(old, size) : NULL;
}

static void allow_allocations(int count)
{
    allocations_left = count;
    cosend_set_allocator(failing_malloc, failing_realloc, NULL);
}

static void allow_all_allocations(void)
{
    cosend_set_allocator(NULL, NULL, NULL);
}

struct group {
    void *value;
    const void *key;
    size_t length;
};

static struct group group_at(const struct cosend_table *table, size_t i)
{
    struct group group;

    group.value = cosend_table_at(table, i, &group.key, &group.length);
    return group;
}

/* ---- Groups -------------------------------------------------------------- */

static void a_new_table_has_no_groups(void **state)
{
    struct cosend_table *table = cosend_table_new(8, NULL);

    (void)state;
    assert_non_null(table);
    assert_int_equal(cosend_table_count(table), 0);
    assert_null(cosend_table_find(table, "a", 1));
    assert_null(cosend_table_find(table, NULL, 0));
    cosend_table_free(table);
    cosend_table_free(NULL);
}

static void groups_come_in_the_order_of_their_first_appearance(void **state)
{
    static const char *const keys[] = {"pear", "apple", "pear",
                                       "fig",  "apple", "pear"};
    struct cosend_table *table = cosend_table_new(sizeof(int), NULL);
    static const char *const expected[] = {"pear", "apple", "fig"};
    static const int counts[] = {3, 2, 1};
    struct group group;
    bool fresh;

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        int *count = cosend_table_get(table, keys[i], strlen(keys[i]), &fresh);

        assert_non_null(count);
        assert_int_equal(fresh, *count == 0);
        ++*count;
    }
    assert_int_equal(cosend_table_count(table), 3);
    for (size_t i = 0; i < 3; i++) {
        group = group_at(table, i);
        assert_int_equal(group.length, strlen(expected[i]));
        assert_memory_equal(group.key, expected[i], group.length);
        assert_int_equal(*(int *)group.value, counts[i]);
        assert_ptr_equal(cosend_table_find(table, group.key, group.length),
                         group.value);
    }
    assert_null(cosend_table_find(table, "figs", 4));
    cosend_table_free(table);
}

static void keys_are_bytes(void **state)
{
    struct cosend_table *table = cosend_table_new(1, NULL);
    static const struct {
        const char *key;
        size_t length;
    } keys[] = {{"", 0},         {"\0", 1},    {"\0\0", 2},  {"a", 1},
                {"a\0", 2},      {"a\0b", 3},  {"a\0c", 3},  {"\xff", 1},
                {"\xff\xfe", 2}, {"\xc3(", 2}, {"a\0b\0", 4}};
    bool fresh;

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_non_null(
            cosend_table_get(table, keys[i].key, keys[i].length, &fresh));
        assert_true(fresh);
    }
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_non_null(
            cosend_table_get(table, keys[i].key, keys[i].length, &fresh));
        assert_false(fresh);
    }
    assert_ptr_equal(cosend_table_get(table, NULL, 0, &fresh),
                     cosend_table_find(table, "", 0));
    assert_false(fresh);
    assert_int_equal(cosend_table_count(table), COUNT(keys));
    cosend_table_free(table);
}

static void values_start_as_zero_and_stay_where_they_are(void **state)
{
    enum { GROUPS = 100000 };
    struct cosend_table *table = cosend_table_new(3 * sizeof(uint64_t), NULL);
    uint64_t **places = calloc(GROUPS, sizeof(*places));
    struct group group;
    char text[32];
    size_t length;
    bool fresh;

    (void)state;
    assert_non_null(places);
    for (size_t i = 0; i < GROUPS; i++) {
        length = (size_t)sprintf(text, "key %zu", i * 7919);
        places[i] = cosend_table_get(table, text, length, &fresh);
        assert_true(fresh);
        assert_int_equal((uintptr_t)places[i] % 8, 0);
        assert_true(!places[i][0] && !places[i][1] && !places[i][2]);
        places[i][0] = places[i][2] = i;
    }
    assert_int_equal(cosend_table_count(table), GROUPS);
    for (size_t i = 0; i < GROUPS; i++) {
        length = (size_t)sprintf(text, "key %zu", i * 7919);
        assert_ptr_equal(cosend_table_find(table, text, length), places[i]);
        group = group_at(table, i);
        assert_ptr_equal(group.value, places[i]);
        assert_int_equal(group.length, length);
        assert_memory_equal(group.key, text, length);
        assert_true(places[i][0] == i && !places[i][1] && places[i][2] == i);
    }
    free(places);
    cosend_table_free(table);
}

static void long_keys_are_kept_whole(void **state)
{
    enum { LONG = 3 * 1024 * 1024 };
    static const size_t lengths[] = {LONG, 1,    LONG - 1, 300000, 1000,
                                     1023, 1024, 2,        0};
    struct cosend_table *table = cosend_table_new(sizeof(int), NULL);
    struct group group;
    char *key = malloc(LONG);
    bool fresh;

    (void)state;
    assert_non_null(key);
    memset(key, 'k', LONG);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        assert_non_null(cosend_table_get(table, key, lengths[i], &fresh));
        assert_true(fresh);
    }
    for (size_t i = 0; i < COUNT(lengths); i++) {
        group = group_at(table, i);
        assert_int_equal(group.length, lengths[i]);
        assert_memory_equal(group.key, key, group.length);
    }
    free(key);
    cosend_table_free(table);
}

/* Groups of every size up to a chunk's: none is lost where chunks meet. */
static void chunks_are_filled_to_the_last_byte(void **state)
{
    char key[1100];

    (void)state;
    memset(key, 'x', sizeof(key));
    for (size_t length = 8; length < sizeof(key); length++) {
        struct cosend_table *table = cosend_table_new(0, NULL);
        struct group group;
        uint32_t count = 0;

        for (uint32_t i = 0; i < 40; i++) {
            memcpy(key, &i, sizeof(i));
            assert_non_null(cosend_table_get(table, key, length, NULL));
        }
        for (; count < cosend_table_count(table); count++) {
            group = group_at(table, count);
            assert_memory_equal(group.key, &count, sizeof(count));
            assert_int_equal(group.length, length);
        }
        assert_int_equal(count, 40);
        cosend_table_free(table);
    }
}

static void a_set_needs_no_values(void **state)
{
    struct cosend_table *table = cosend_table_new(0, NULL);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int key = i % 300;

        assert_non_null(cosend_table_get(table, &key, sizeof(key), NULL));
    }
    assert_int_equal(cosend_table_count(table), 300);
    cosend_table_free(table);
}

static void without_memory_a_table_stays_as_it_was(void **state)
{
    struct cosend_error error = {0};
    struct cosend_table *table;

    (void)state;
    allow_allocations(0);
    assert_null(cosend_table_new(8, &error));
    assert_int_equal(error.kind, COSEND_E_MEMORY);
    assert_null(cosend_table_new(8, NULL));
    allow_all_allocations();
    memset(&error, 0, sizeof(error));
    assert_null(cosend_table_new(SIZE_MAX, &error));
    assert_int_equal(error.kind, COSEND_E_MEMORY);

    for (int n = 0;; n++) {
        size_t count = 0;
        bool fresh;

        table = cosend_table_new(sizeof(size_t), NULL);
        allow_allocations(n);
        for (size_t key = 0; key < 2000; key++) {
            size_t *value = cosend_table_get(table, &key, sizeof(key), &fresh);

            assert_int_equal(fresh, value != NULL);
            if (!value)
                break;
            *value = key + 1;
            count++;
        }
        assert_int_equal(cosend_table_count(table), count);
        allow_all_allocations();
        if (count == 2000)
            break;
        for (size_t key = 0; key < 2000; key++) {
            size_t *value = cosend_table_find(table, &key, sizeof(key));

            assert_int_equal(value ? *value : 0, key < count ? key + 1 : 0);
            value = cosend_table_get(table, &key, sizeof(key), &fresh);
            assert_non_null(value);
            assert_int_equal(fresh, key >= count);
        }
        assert_int_equal(cosend_table_count(table), 2000);
        cosend_table_free(table);
    }
    cosend_table_free(table);
}

static void a_value_too_large_for_memory_is_refused(void **state)
{
    struct cosend_table *table = cosend_table_new(SIZE_MAX / 16, NULL);

    (void)state;
    assert_non_null(table);
    assert_null(cosend_table_get(table, "a", 1, NULL));
    assert_int_equal(cosend_table_count(table), 0);
    assert_null(cosend_table_find(table, "a", 1));
    cosend_table_free(table);
}

/* ---- Keys ---------------------------------------------------------------- */

static struct cosend_cell cell(enum cosend_kind kind, const char *text)
{
    struct cosend_cell made = cosend_text(text, text ? strlen(text) : 0);

    made.kind = kind;
    return made;
}

static void keys_differ_where_their_cells_do(void **state)
{
    const struct cosend_cell absent = cell(COSEND_ABSENT, NULL),
                             null = cell(COSEND_NULL, NULL),
                             empty = cell(COSEND_TEXT, ""),
                             a = cell(COSEND_TEXT, "a"),
                             ab = cell(COSEND_TEXT, "ab"),
                             b = cell(COSEND_TEXT, "b"),
                             one = cell(COSEND_TEXT, "1"),
                             number = cell(COSEND_NUMBER, "1"),
                             odd = cosend_text("\2\1a", 3);
    const struct cosend_cell keys[][2] = {
        {absent, absent}, {absent, null},  {null, absent}, {null, null},
        {empty, absent},  {absent, empty}, {empty, empty}, {a, empty},
        {empty, a},       {a, b},          {ab, empty},    {empty, ab},
        {one, a},         {number, a},     {a, number},    {odd, empty},
        {empty, odd},     {a, absent},     {a, null}};
    struct cosend_table *table = cosend_table_new(0, NULL);
    struct group group;
    struct cosend_bytes bytes = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        bool fresh;

        cosend_bytes_clear(&bytes);
        cosend_key_add(&bytes, keys[i][0]);
        cosend_key_add(&bytes, keys[i][1]);
        assert_non_null(
            cosend_table_get(table, bytes.data, bytes.length, &fresh));
        assert_true(fresh);
    }
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct cosend_reader_bytes reader;
        struct cosend_cell read;

        group = group_at(table, i);
        reader = cosend_read_bytes(group.key, group.length);
        for (size_t k = 0; k < 2; k++) {
            assert_true(cosend_key_next(&reader, &read));
            assert_int_equal(read.kind, keys[i][k].kind);
            assert_int_equal(read.length, keys[i][k].length);
            assert_memory_equal(
                read.data, keys[i][k].data ? keys[i][k].data : "", read.length);
        }
        assert_false(cosend_key_next(&reader, &read));
        assert_false(reader.failed);
    }
    cosend_bytes_free(&bytes);
    cosend_table_free(table);
}

static void damaged_keys_are_refused(void **state)
{
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    struct cosend_cell read;

    (void)state;
    cosend_key_add(&bytes, cell(COSEND_TEXT, "abc"));
    for (size_t length = 1; length < bytes.length; length++) {
        reader = cosend_read_bytes(bytes.data, length);
        assert_false(cosend_key_next(&reader, &read));
        assert_true(reader.failed);
        assert_false(cosend_key_next(&reader, &read));
    }
    bytes.data[0] = 77;
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_false(cosend_key_next(&reader, &read));
    assert_true(reader.failed);
    cosend_bytes_free(&bytes);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_table_has_no_groups),
        cmocka_unit_test(groups_come_in_the_order_of_their_first_appearance),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(values_start_as_zero_and_stay_where_they_are),
        cmocka_unit_test(long_keys_are_kept_whole),
        cmocka_unit_test(chunks_are_filled_to_the_last_byte),
        cmocka_unit_test(a_set_needs_no_values),
        cmocka_unit_test(without_memory_a_table_stays_as_it_was),
        cmocka_unit_test(a_value_too_large_for_memory_is_refused),
        cmocka_unit_test(keys_differ_where_their_cells_do),
        cmocka_unit_test(damaged_keys_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
