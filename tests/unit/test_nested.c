/* SPDX-License-Identifier: MIT */
/* Arrays and objects in cells; tests/fuzz/nested.c has any there are. */
#include "cosend/nested.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct cosend_cell nested(const char *text)
{
    struct cosend_cell cell = cosend_text(text, strlen(text));

    cell.kind = COSEND_NESTED;
    return cell;
}

/* Members as `name=kind:text `. */
static void assert_walk(const char *text, const char *due)
{
    struct cosend_bytes room = {0};
    struct cosend_item item = {0};
    char seen[400] = "";

    while (cosend_next_member(nested(text), &item, &room)) {
        size_t length = strlen(seen);

        snprintf(seen + length, sizeof(seen) - length, "%.*s=%d:%.*s ",
                 (int)item.name_length, item.name ? item.name : "",
                 (int)item.cell.kind, (int)item.cell.length,
                 item.cell.data ? item.cell.data : "");
    }
    assert_string_equal(seen, due);
    cosend_bytes_free(&room);
}

static void members_come_in_their_order(void **state)
{
    (void)state;
    assert_walk("{\"a\": 1, \"b\" : \"x\",\"c\":null, \"d\":[1, {}]}",
                "a=3:1 b=2:x c=1: d=5:[1, {}] ");
    assert_walk("[true,\"]\" , [\"[\"], -1e5]",
                "=4:true =2:] =5:[\"[\"] =3:-1e5 ");
    assert_walk("{}", "");
    assert_walk("[ ]", "");
    assert_walk("{\"a\":1,\"a\":2}", "a=3:1 a=3:2 ");
}

static void names_and_strings_are_decoded(void **state)
{
    (void)state;
    assert_walk("{\"\\u0061\\n\": \"\\\"\\u00e9\\\\\", \"b\": \"\"}",
                "a\n=2:\"\xc3\xa9\\ b=2: ");
}

static void a_members_own_bytes_are_told(void **state)
{
    struct cosend_cell cell = nested("{\"a\": \"\\u0062\"}");
    struct cosend_bytes room = {0};
    struct cosend_item item = {0};

    (void)state;
    assert_true(cosend_next_member(cell, &item, &room));
    assert_int_equal(item.raw_length, 8);
    assert_ptr_equal(item.raw, cell.data + 6);
    assert_int_equal(item.cell.length, 1);
    cosend_bytes_free(&room);
}

static void a_walk_ends_where_text_makes_no_sense(void **state)
{
    struct cosend_cell text = cosend_text("[1]", 3);
    struct cosend_bytes room = {0};
    struct cosend_item item = {0};

    (void)state;
    assert_walk("[1, 2", "=3:1 ");
    assert_walk("[1 2]", "");
    assert_walk("{\"a\" 1}", "");
    assert_walk("{\"a\":1, 2}", "a=3:1 ");
    assert_walk("[[1, 2]", "");
    assert_walk("[\"a", "");
    assert_walk("[,]", "");
    assert_walk("[", "");
    assert_false(cosend_next_member(text, &item, &room));
}

static void assert_path(const char *text, const char *path,
                        enum cosend_kind kind, const char *due)
{
    struct cosend_bytes room = {0};
    struct cosend_cell found =
        cosend_take_path(nested(text), path, strlen(path), &room);

    if (found.kind != kind || found.length != strlen(due) ||
        memcmp(found.data ? found.data : "", due, found.length) != 0)
        fail_msg("%s: %d:%.*s", path, (int)found.kind, (int)found.length,
                 found.data);
    cosend_bytes_free(&room);
}

static void paths_lead_to_what_is_inside(void **state)
{
    static const char text[] =
        "{\"a\": {\"b\": [1, \"x\", {\"c\": true}]}, \"o d\": \"y\", "
        "\"e\": 1, \"\\u0065\": 2, \"t\": \"\\u0074\"}";

    (void)state;
    assert_path(text, "a.b[0]", COSEND_NUMBER, "1");
    assert_path(text, "a.b[1]", COSEND_TEXT, "x");
    assert_path(text, "a.b[2].c", COSEND_BOOL, "true");
    assert_path(text, "a.b[-1].c", COSEND_BOOL, "true");
    assert_path(text, "a.b[-3]", COSEND_NUMBER, "1");
    assert_path(text, "a.b[2]", COSEND_NESTED, "{\"c\": true}");
    assert_path(text, "`o d`", COSEND_TEXT, "y");
    assert_path(text, "t", COSEND_TEXT, "t");
    /* The last of one name counts. */
    assert_path(text, "e", COSEND_NUMBER, "2");
    assert_path(text, "", COSEND_NESTED, text);
    assert_path("[[5]]", "[0][0]", COSEND_NUMBER, "5");
}

static void paths_that_lead_nowhere_give_an_absent_cell(void **state)
{
    static const char text[] = "{\"a\": [1], \"n\": null, \"s\": \"{}\"}";

    (void)state;
    assert_path(text, "b", COSEND_ABSENT, "");
    assert_path(text, "a[1]", COSEND_ABSENT, "");
    assert_path(text, "a[-2]", COSEND_ABSENT, "");
    assert_path(text, "a.b", COSEND_ABSENT, "");
    assert_path(text, "[0]", COSEND_ABSENT, "");
    assert_path(text, "s.a", COSEND_ABSENT, "");
    assert_path(text, "n.a", COSEND_ABSENT, "");
    assert_path(text, "n", COSEND_NULL, "");
    assert_path(text, "a[99999999999999999999]", COSEND_ABSENT, "");
    assert_path(text, "a..b", COSEND_ABSENT, "");
}

static void paths_are_checked(void **state)
{
    static const char *const good[] = {"",    "a",       "a.b[2].c",
                                       "[0]", "`x.y`.z", "a-b.\xc3\xa9"};
    static const char *const bad[] = {".a",  "a.", "a[",   "a[x]", "a[]",
                                      "a b", "`a", "a..b", "a[-]", "a]"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (cosend_check_path(good[i], strlen(good[i]), NULL) != COSEND_OK)
            fail_msg("%s is no path", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct cosend_error error = {0};

        if (cosend_check_path(bad[i], strlen(bad[i]), &error) == COSEND_OK)
            fail_msg("%s is a path", bad[i]);
        assert_non_null(strstr(error.message, "a path is names"));
    }
}

static void *no_malloc(size_t size)
{
    (void)size;
    return NULL;
}

static void *no_realloc(void *old, size_t size)
{
    (void)old;
    (void)size;
    return NULL;
}

static void want_of_memory_is_told(void **state)
{
    struct cosend_cell cell = nested("{\"\\u0061\": \"\\u0062\"}");
    struct cosend_bytes room = {0};
    struct cosend_item item = {0};

    (void)state;
    cosend_set_allocator(no_malloc, no_realloc, free);
    assert_false(cosend_next_member(cell, &item, &room));
    assert_true(room.failed);
    room.failed = false;
    assert_int_equal(cosend_take_path(cell, "a", 1, &room).kind, COSEND_ABSENT);
    assert_true(room.failed);
    cosend_set_allocator(NULL, NULL, NULL);
    cosend_bytes_free(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_in_their_order),
        cmocka_unit_test(names_and_strings_are_decoded),
        cmocka_unit_test(a_members_own_bytes_are_told),
        cmocka_unit_test(a_walk_ends_where_text_makes_no_sense),
        cmocka_unit_test(paths_lead_to_what_is_inside),
        cmocka_unit_test(paths_that_lead_nowhere_give_an_absent_cell),
        cmocka_unit_test(paths_are_checked),
        cmocka_unit_test(want_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
