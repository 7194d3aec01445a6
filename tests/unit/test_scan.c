/* SPDX-License-Identifier: MIT */
/* Every level of the scan against a byte at a time. */
#include "record/record.h"
#include "record/byte_bitmaps.h"
#include "cosend/find.h"

#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum { LENGTH = 1000, ROUNDS = 300 };

static void fill(char *data, size_t length)
{
    static const char some[] = {',',    '\n',   '"',    '\r', 'a', '\x80',
                                '\x7f', '\x8a', '\x0b', '\0', ' '};
    unsigned kinds = 1 + draw(sizeof(some));

    for (size_t i = 0; i < length; i++)
        data[i] = draw(4) ? some[draw(kinds)] : (char)draw(256);
}

static bool is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < ' ' ||
           (unsigned char)c >= 0x80;
}

static void levels_find_the_same(void **state)
{
    static char data[LENGTH + 64];
    static struct csi_scan_word words[LENGTH / 64 + 1];
    static uint64_t ones[LENGTH / 64 + 1];
    static uint64_t special[LENGTH / 64 + 1];
    static uint64_t unshown[LENGTH / 64 + 1];
    const char *needles = ",\n\"\xff";

    (void)state;
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        for (int round = 0; round < ROUNDS; round++) {
            size_t length = draw(LENGTH), offset = draw(64), count = 0;

            if (length < offset)
                continue;
            length -= offset;
            fill(data, sizeof(data));
            csi_scan_kernels()->find(data + offset, csi_scan_words(length),
                                     needles, words);
            csi_scan_kernels()->find_one(data + offset, csi_scan_words(length),
                                         '\n', ones);
            csi_scan_kernels()->find_special(data + offset,
                                             csi_scan_words(length),
                                             CSI_SPECIAL_JSON, special);
            csi_scan_kernels()->find_special(data + offset,
                                             csi_scan_words(length),
                                             CSI_SPECIAL_TERMINAL, unshown);
            for (size_t i = 0; i < length; i++) {
                for (int n = 0; n < CSI_SCAN_NEEDLES; n++)
                    assert_int_equal(words[i / 64].bits[n] >> i % 64 & 1,
                                     data[offset + i] == needles[n]);
                assert_int_equal(ones[i / 64] >> i % 64 & 1,
                                 data[offset + i] == '\n');
                assert_int_equal(special[i / 64] >> i % 64 & 1,
                                 is_special(data[offset + i]));
                assert_int_equal(unshown[i / 64] >> i % 64 & 1,
                                 data[offset + i] < ' ' ||
                                     data[offset + i] >= 0x7f);
                count += data[offset + i] == '\n';
            }
            assert_int_equal(csi_scan_count(data + offset, length, '\n'),
                             count);
        }
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

/* Words of few bits and of many, and none. */
static void levels_list_the_same(void **state)
{
    enum { WORDS = 9 };
    static uint32_t numbers[64 * WORDS + CSI_SCAN_MORE];
    uint64_t words[WORDS];

    (void)state;
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        for (int round = 0; round < ROUNDS; round++) {
            size_t count = draw(WORDS + 1), next = 0, listed;

            for (size_t w = 0; w < count; w++) {
                unsigned bits = draw(3) ? draw(20) : draw(400);

                words[w] = 0;
                for (unsigned i = 0; i < bits; i++)
                    words[w] |= UINT64_C(1) << draw(64);
            }
            listed = csi_scan_kernels()->list(words, count, numbers);
            for (size_t i = 0; i < 64 * count; i++)
                if (words[i / 64] >> i % 64 & 1)
                    assert_int_equal(numbers[next++], i);
            assert_int_equal(listed, next);
        }
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

static void a_million_of_one_byte_are_counted(void **state)
{
    enum { MANY = 1000003 };
    char *data = malloc(MANY + 64);

    (void)state;
    assert_non_null(data);
    memset(data, 'x', MANY + 64);
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        assert_int_equal(csi_scan_count(data, MANY, 'x'), MANY);
        assert_int_equal(csi_scan_count(data, MANY, 'y'), 0);
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    free(data);
}

static void bits_are_places(const char *data, size_t length, char byte,
                            const uint64_t *found)
{
    uint32_t *places = malloc((length + COSEND_FIND_MORE) * sizeof(*places));
    size_t count = 0, next = 0;

    assert_non_null(places);
    for (size_t i = 0; i < COSEND_FIND_WORDS(length) * 64; i++)
        assert_int_equal(found[i / 64] >> i % 64 & 1,
                         i < length && data[i] == byte);
    assert_int_equal(cosend_found_places(found, length, places),
                     cosend_found_places(found, length, NULL));
    for (size_t i = 0; i <= length; i++) {
        uint64_t bits = cosend_found_bits(found, i);

        assert_int_equal(bits & 1, i < length && data[i] == byte);
        if (i < length && data[i] == byte) {
            assert_int_equal(places[count++], i);
            for (; next <= i; next++)
                assert_int_equal(cosend_next_found(found, next, length), i);
        }
    }
    for (; next <= length; next++)
        assert_int_equal(cosend_next_found(found, next, length), length);
    assert_int_equal(cosend_found_places(found, length, NULL), count);
    free(places);
}

/* In memory that ends where the text does. */
static void find_in(const char *text, size_t length, const char *bytes)
{
    char *data = malloc(length ? length : 1);
    size_t words = COSEND_FIND_WORDS(length);
    uint64_t *found = malloc(COSEND_FIND_BYTES * words * sizeof(*found));

    assert_true(data && found);
    memcpy(data, text, length);
    cosend_find_bytes(data, length, bytes, found);
    for (size_t i = 0; i < COSEND_FIND_BYTES; i++)
        bits_are_places(data, length, bytes[i], found + i * words);
    free(data);
    free(found);
}

static void filters_find_every_byte(void **state)
{
    static char data[LENGTH];

    (void)state;
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        for (int round = 0; round < ROUNDS; round++) {
            size_t length = draw(draw(2) ? 200 : LENGTH);

            fill(data, length);
            find_in(data, length, draw(2) ? ",\"\n\r" : "\0,\0\"");
            memset(data, ',', length);
            find_in(data, length, ",\"\n\r");
        }
        memset(data, 'x', LENGTH);
        data[LENGTH - 1] = ',';
        find_in(data, LENGTH, ",\"\n\r");
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

static bool is_blank(const char *start, const char *end)
{
    while (start < end && (*start == ' ' || *start == '\n'))
        start++;
    return start == end;
}

static const char *next_line(const char *line, const char *end)
{
    const char *newline = memchr(line, '\n', (size_t)(end - line));

    assert_non_null(newline);
    return newline + 1;
}

/* One round: all lines, a few rows at a time, as a loop over bytes has them. */
static void cut_lines(size_t length, uint32_t most, bool blanks)
{
    struct csi_block *block = csi_block_new(length);
    const char *line, *start, *end;

    fill(block->data, length + CSI_BLOCK_SLACK);
    block->length = length;
    line = start = block->data;
    end = start + length;
    for (;;) {
        struct csi_rows *rows = csi_rows_new(block);
        const char *before = start;

        assert_true(csi_scan_lines(rows, &start, start, end, most,
                                   blanks ? is_blank : NULL));
        assert_true(rows->count <= most);
        for (uint32_t row = 0; row < rows->count; row++) {
            const char *next = next_line(line, end);

            while (blanks && is_blank(line, next)) {
                line = next;
                next = next_line(line, end);
            }
            assert_ptr_equal(block->data + rows->starts[row], line);
            assert_ptr_equal(block->data + rows->ends[row], next);
            line = next;
        }
        csi_rows_unref(rows);
        if (start == before)
            break;
    }
    assert_null(memchr(start, '\n', (size_t)(end - start)));
    csi_block_unref(block);
}

static void lines_are_cut_where_they_end(void **state)
{
    (void)state;
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        for (int round = 0; round < ROUNDS; round++)
            cut_lines(1 + draw(9000), 1 + draw(draw(2) ? 5 : 9000), draw(2));
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_find_the_same),
        cmocka_unit_test(levels_list_the_same),
        cmocka_unit_test(filters_find_every_byte),
        cmocka_unit_test(a_million_of_one_byte_are_counted),
        cmocka_unit_test(lines_are_cut_where_they_end)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
