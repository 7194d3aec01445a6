/* SPDX-License-Identifier: MIT */
/* Text that grows, JSON strings, and the one decoder of UTF-8; jansson is the
   judge of what is well-formed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"
#include "cosend/text.h"

#include "chance.h"

#include <jansson.h>

enum { LONGEST = 24, ROUNDS = 200000 };

/* Bytes that begin, continue and break characters, more often than others. */
static size_t draw_bytes(char *out)
{
    static const unsigned char likely[] = {
        0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
        0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4,
        0xf5, 0xff, '"',  '\\', 0x7f, 0x1b, 'a',  'b',  0,    '\n'};
    size_t length = draw(LONGEST);

    for (size_t i = 0; i < length; i++)
        out[i] = (char)(draw(8) ? likely[draw(sizeof(likely))] : draw(256));
    return length;
}

static void well_formed_is_what_jansson_says(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char bytes[LONGEST];
        size_t length = draw_bytes(bytes);
        json_t *json = json_stringn(bytes, length);

        assert_int_equal(csi_utf8_is_valid(bytes, length), json != NULL);
        json_decref(json);
    }
}

/* Nine continuation bytes, what no first byte asks for, and all alike. */
static void a_run_of_continuation_bytes_is_not_well_formed(void **state)
{
    char bytes[10];

    (void)state;
    for (int first = 0x80; first < 0x100; first++)
        for (size_t more = 0; more < sizeof(bytes); more++) {
            json_t *json;

            memset(bytes, 0x80, sizeof(bytes));
            bytes[0] = (char)first;
            json = json_stringn(bytes, more + 1);
            assert_int_equal(csi_utf8_is_valid(bytes, more + 1), json != NULL);
            json_decref(json);
        }
}

static void a_json_string_reads_back(void **state)
{
    struct csi_text text = {0};

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char bytes[LONGEST];
        size_t length = draw_bytes(bytes);
        json_t *json;

        text.length = 0;
        assert_true(csi_text_json(&text, bytes, length));
        json = json_loadb(text.data, text.length,
                          JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(json);
        if (csi_utf8_is_valid(bytes, length)) {
            assert_int_equal(json_string_length(json), length);
            assert_memory_equal(json_string_value(json), bytes, length);
        }
        json_decref(json);
    }
    csi_text_free(&text);
}

static void a_shown_json_string_holds_nothing_a_terminal_acts_on(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char bytes[LONGEST], out[6 * LONGEST + 3], part[6 * LONGEST + 3];
        size_t length = draw_bytes(bytes), whole, room;
        json_t *json;

        whole = cosend_json_string(bytes, length, out, sizeof(out));
        assert_int_equal(whole, strlen(out));
        for (const char *p = out; *p;) {
            int size = csi_utf8_character(p, out + whole);

            assert_true(size > 0);
            assert_false(csi_utf8_is_control(csi_utf8_code(p, size)));
            p += size;
        }
        json = json_loads(out, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(json);
        json_decref(json);
        room = 1 + draw((unsigned)whole + 2);
        memset(part, '?', sizeof(part));
        assert_int_equal(cosend_json_string(bytes, length, part, room), whole);
        assert_int_equal(strlen(part), room <= whole ? room - 1 : whole);
        assert_memory_equal(part, out, strlen(part));
        assert_int_equal(part[room], '?');
    }
}

static void numbers_are_their_digits(void **state)
{
    struct csi_text text = {0};

    (void)state;
    assert_true(csi_text_unsigned(&text, 0));
    assert_true(csi_text_string(&text, " "));
    assert_true(csi_text_unsigned(&text, UINT64_MAX));
    assert_int_equal(text.length, 22);
    assert_memory_equal(text.data, "0 18446744073709551615", text.length);
    csi_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_is_what_jansson_says),
        cmocka_unit_test(a_run_of_continuation_bytes_is_not_well_formed),
        cmocka_unit_test(a_json_string_reads_back),
        cmocka_unit_test(a_shown_json_string_holds_nothing_a_terminal_acts_on),
        cmocka_unit_test(numbers_are_their_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
