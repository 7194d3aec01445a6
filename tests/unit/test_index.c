/* SPDX-License-Identifier: MIT */
/* Rows found by their key, against a walk over all of them. */
#include "cosend/index.h"

#include "chance.h"

#include <stdlib.h>

enum { ROWS = 600, PARTS = 2, CELLS = 3, KEYS = 200, TEXT = 48 };

/* Texts of a few lengths, short and long, so that keys come again; at least one
   of seven has no bytes. */
static struct cosend_cell draw_cell(char *text)
{
    static const unsigned lengths[] = {0, 1, 1, 2, 8, 31, 33};
    size_t length = lengths[draw(7)];

    memset(text, 'a' + (int)draw(3), length);
    return cosend_text(text, length);
}

struct rows {
    struct cosend_cell keys[ROWS][PARTS], cells[ROWS][CELLS];
    char text[ROWS][PARTS + CELLS][TEXT];
};

static bool is_cell(struct cosend_cell a, struct cosend_cell b)
{
    return a.kind == b.kind && a.length == b.length &&
           (!a.length || memcmp(a.data, b.data, a.length) == 0);
}

static bool is_key(const struct cosend_cell *a, const struct cosend_cell *b,
                   uint32_t parts)
{
    bool same = true;

    for (uint32_t p = 0; p < parts; p++)
        same = same && a[p].length && a[p].length == b[p].length &&
               memcmp(a[p].data, b[p].data, a[p].length) == 0;
    return same;
}

static size_t count_before(const struct rows *rows, size_t i, uint32_t parts)
{
    size_t count = 0;

    for (size_t j = 0; j < i; j++)
        count += is_key(rows->keys[j], rows->keys[i], parts);
    return count;
}

static void fill(struct cosend_index *index, struct rows *rows, uint32_t parts,
                 bool several)
{
    for (size_t i = 0; i < ROWS; i++) {
        int expected;

        for (size_t p = 0; p < PARTS; p++)
            rows->keys[i][p] = draw_cell(rows->text[i][p]);
        for (size_t c = 0; c < CELLS; c++) {
            rows->cells[i][c] = draw_cell(rows->text[i][PARTS + c]);
            if (draw(4) == 0)
                rows->cells[i][c] = (struct cosend_cell){
                    .kind = draw(2) ? COSEND_NULL : COSEND_ABSENT};
        }
        expected = !is_key(rows->keys[i], rows->keys[i], parts) ? COSEND_DONE
                   : count_before(rows, i, parts)               ? COSEND_GOT
                                                                : COSEND_OK;
        assert_int_equal(cosend_index_put(index, rows->keys[i], parts,
                                          rows->cells[i], CELLS, several),
                         expected);
    }
}

/* The rows of a key, from the first one on, are those that a walk finds. */
static void check_rows(const struct cosend_index *index,
                       const struct rows *rows, const struct cosend_cell *key,
                       const struct cosend_index_row *row, uint32_t parts,
                       bool several)
{
    struct cosend_cell cells[CELLS + 1];
    bool any = false;

    for (size_t i = 0; i < ROWS; i++) {
        if (!is_key(rows->keys[i], key, parts) || (any && !several))
            continue;
        any = true;
        assert_non_null(row);
        cosend_index_cells(row, cells, CELLS + 1);
        for (size_t c = 0; c < CELLS; c++)
            assert_true(is_cell(cells[c], rows->cells[i][c]));
        assert_int_equal(cells[CELLS].kind, COSEND_ABSENT);
        row = cosend_index_next(index, row);
    }
    assert_null(row);
}

static void try_rows(struct rows *rows, uint32_t parts, bool several)
{
    struct cosend_index *index = cosend_index_new(NULL);
    const struct cosend_index_row *found[KEYS];
    struct cosend_cell keys[KEYS * PARTS];
    char text[KEYS * PARTS][TEXT];
    struct cosend_bytes scratch = {0};

    assert_non_null(index);
    fill(index, rows, parts, several);
    for (size_t i = 0; i < KEYS * parts; i++)
        keys[i] = draw_cell(text[i]);
    assert_true(cosend_index_find(index, keys, parts, KEYS, &scratch, found));
    for (size_t i = 0; i < KEYS; i++)
        check_rows(index, rows, keys + i * parts, found[i], parts, several);
    cosend_bytes_free(&scratch);
    cosend_index_free(index);
}

static void rows_are_found_by_their_key(void **state)
{
    struct rows *rows = malloc(sizeof(*rows));

    (void)state;
    assert_non_null(rows);
    for (unsigned i = 0; i < 40; i++)
        try_rows(rows, 1 + i % PARTS, i / 2 % 2);
    free(rows);
}

/* ---- Without memory ------------------------------------------------------ */

static int allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *old, size_t size)
{
    return allocations_left-- > 0 ? realloc(old, size) : NULL;
}

/* Returns whether there was memory for all of it. */
static bool use_index(void)
{
    struct cosend_error error = {0};
    struct cosend_cell key[2] = {cosend_text("a", 1), cosend_text("b", 1)};
    struct cosend_index *index = cosend_index_new(&error);
    const struct cosend_index_row *row;
    struct cosend_bytes scratch = {0};
    int status = COSEND_OK;
    bool found;

    assert_int_equal(error.kind, index ? 0 : COSEND_E_MEMORY);
    for (int i = 0; index && status == COSEND_OK && i < 2; i++)
        status = cosend_index_put(index, key, 2 - (uint32_t)i, key, 2, true);
    found = index && cosend_index_find(index, key, 2, 1, &scratch, &row);
    cosend_bytes_free(&scratch);
    cosend_index_free(index);
    return status == COSEND_OK && found;
}

static void without_memory_there_is_an_error(void **state)
{
    int count = 0;

    (void)state;
    cosend_set_allocator(failing_malloc, failing_realloc, NULL);
    do
        allocations_left = count;
    while (!use_index() && ++count < 100);
    cosend_set_allocator(NULL, NULL, NULL);
    assert_in_range(count, 4, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_their_key),
        cmocka_unit_test(without_memory_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
