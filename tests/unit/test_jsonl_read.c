/* SPDX-License-Identifier: MIT */
/* The JSON-lines reader: its scanner against jansson, and its edges. */
#include "test_format.h"
#include "format/json_scan.h"
#include "format/json_cell.h"

#include <jansson.h>

static struct feed jsonl(const char *const *declare)
{
    return (struct feed){.format = COSEND_FORMAT_JSONL, .declare = declare};
}

static const char *const ab[] = {"a", "b", NULL};

static void fields_are_columns_or_walked(void **state)
{
    (void)state;
    SEEN(jsonl(ab), "{\"a\":1,\"c\":\"x\",\"b\":true}\n{\"b\": null }\n{}\n",
         "a,b\n[#1|=true; a=#1; c=x; b==true]\n[~|null; b=null]\n[~|~]\n");
    SEEN(jsonl(NULL), "{\"a\":[1, {\"b\":2}] , \"\":-0.0E+1}",
         "\n[; a==[1, {\"b\":2}]; =#-0.0E+1]\n");
    SEEN(jsonl(ab), "", "a,b\n");
    SEEN(jsonl(ab), "\xef\xbb\xbf\n{\"a\":\"\"}\r\n \t\r\n{}\r\n",
         "a,b crlf\n[|~; a=]\n[~|~]\n");
}

static void strings_are_decoded(void **state)
{
    (void)state;
    SEEN(jsonl(ab),
         "{\"a\":\"\\u00e9\\n\\\"\\/\\u0000\",\"b\":\"\\ud83d\\ude00\"}\n",
         "a,b\n[\xc3\xa9\\n\"/\\x00|\xf0\x9f\x98\x80; "
         "a=\xc3\xa9\\n\"/\\x00; b=\xf0\x9f\x98\x80]\n");
    SEEN(jsonl(ab), "{\"\\u0061\":1,\"\\u0000\":\"\\b\"}\n",
         "a,b\n[#1|~; a=#1; \\x00=\\x08]\n");
    SEEN(jsonl(ab), "{\"a\":123456789012345678901234567890,\"b\":1e999}\n",
         "a,b\n[#123456789012345678901234567890|#1e999; "
         "a=#123456789012345678901234567890; b=#1e999]\n");
}

static void the_last_of_equal_names_wins(void **state)
{
    struct csi_text many = {0};
    struct seen seen;

    (void)state;
    SEEN(jsonl(ab), "{\"a\":1,\"b\":2,\"\\u0061\":\"x\\t\",\"b\":{}}\n",
         "a,b\n[x\\x09|={}; a=x\\x09; b=={}]\n");
    say(&many, "{");
    for (int i = 0; i < 100; i++)
        say(&many, "\"k%d\":%d,", i % 50, i);
    say(&many, "\"z\":0}\n");
    seen = feed_bytes(jsonl(NULL), many.data, many.length);
    assert_non_null(strstr(seen.text.data, "[; k0=#50; k1=#51; "));
    assert_non_null(strstr(seen.text.data, "; k49=#99; z=#0]"));
    seen_free(&seen);
    csi_text_free(&many);
}

static void a_name_may_be_a_path(void **state)
{
    static const char *const paths[] = {"a.b", "a.b.c", NULL};

    (void)state;
    SEEN(jsonl(paths), "{\"a\":{\"b\":{\"c\":1}}}\n{\"a.b\":2}\n{\"a\":3}\n",
         "a.b,a.b.c\n[={\"c\":1}|#1; a=={\"b\":{\"c\":1}}]\n[#2|~; a.b=#2]\n"
         "[~|~; a=#3]\n");
    SEEN(jsonl(paths), "{\"a\":{\"b.c\":\"\\n\",\"\\u0062\":[]}}\n",
         "a.b,a.b.c\n[=[]|\\n; a=={\"b.c\":\"\\n\",\"\\u0062\":[]}]\n");
}

static void what_is_no_object_is_bad(void **state)
{
    (void)state;
    SEEN(jsonl(ab), "1\n{\"a\":1}\n[{\"a\":1}]\n{\"a\":\n\xc3\xa9{}\n",
         "a,b\n!not_an_object: valid JSON, but not an object <1>\n"
         "[#1|~; a=#1]\n"
         "!not_an_object: valid JSON, but not an object; it begins a JSON "
         "array, "
         "which -f json reads <[{\"a\":1}]>\n"
         "!invalid_json: invalid JSON in column 6: a value was expected "
         "<{\"a\":>\n"
         "!invalid_json: invalid JSON in column 1: a value was expected "
         "<\xc3\xa9{}>\n");
    SEEN(jsonl(ab), "{\"\xc3\xa9\" 1}\n{\"a\":\"\xff\"}\n{\"a\":\"\0\"}\n",
         "a,b\n"
         "!invalid_json: invalid JSON in column 6: a colon was expected "
         "<{\"\xc3\xa9\" 1}>\n"
         "!invalid_json: invalid JSON in column 7: invalid UTF-8 "
         "<{\"a\":\"\xff\"}>\n"
         "!invalid_json: invalid JSON in column 7: a control character in a "
         "string <{\"a\":\"\\x00\"}>\n");
}

static void overlong_records(void **state)
{
    struct feed feed = jsonl(ab);
    struct seen seen;

    (void)state;
    feed.limit = 10;
    feed.chunk = 4;
    seen = feed_bytes(feed, "{\"a\":1}\n{\"a\":\"234567890\"}\n{\"b\":2}", 33);
    assert_string_equal(seen.text.data,
                        "a,b\n[#1|~; a=#1]\n!overlong truncated: longer than "
                        "max_record_bytes (10) <{\"a\":\"234567>\n"
                        "[~|#2; b=#2]\n");
    seen_free(&seen);
}

/* ---- Against jansson ----------------------------------------------------- */

/* A number that no double or int64 can hold is fine with us. */
static bool is_range(const json_error_t *error)
{
    return strstr(error->text, "overflow") != NULL;
}

static bool agrees(const char *text, size_t length)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    enum csi_json_result result = csi_json_scan(&json, text, text + length);
    json_error_t error;
    json_t *value = json_loadb(
        text, length,
        JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    enum csi_json_result expected = !value                  ? CSI_JSON_INVALID
                                    : json_is_object(value) ? CSI_JSON_OBJECT
                                                            : CSI_JSON_OTHER;
    bool same = result == expected;

    if (!value && (is_range(&error) ||
                   json_error_code(&error) == json_error_null_byte_in_key))
        same = true;
    if (same && value && result == CSI_JSON_OBJECT) {
        assert_true(csi_json_unite(&json));
        same = json.count == json_object_size(value);
        for (size_t i = 0; same && i < json.count; i++) {
            struct cosend_cell cell;
            json_t *member = json_object_getn(value, json.members[i].name,
                                              json.members[i].name_length);

            assert_true(csi_json_cell(&json.members[i], &arena, &cell));
            same = member != NULL;
            if (same && json_is_string(member))
                same = cell.kind == COSEND_TEXT &&
                       cell.length == json_string_length(member) &&
                       memcmp(cell.data, json_string_value(member),
                              cell.length) == 0;
        }
    }
    if (!same)
        print_error("jansson %d (%s), we %d: %.*s\n", (int)expected,
                    value ? "" : error.text, (int)result, (int)length, text);
    json_decref(value);
    csi_arena_free(&arena);
    return same;
}

static void nesting_ends_where_jansson_ends_it(void **state)
{
    enum { DEEP = 2050 };
    char text[2 * DEEP + 1];

    (void)state;
    for (size_t depth = DEEP - 4; depth <= DEEP; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_true(agrees(text, 2 * depth));
        memmove(text + depth + 1, text + depth, depth);
        text[depth] = '1';
        assert_true(agrees(text, 2 * depth + 1));
    }
}

static const char *const seeds[] = {
    "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"e\"}}",
    "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\\\\\",\"a\":-1.5e+10}",
    "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80 \xe2\x82\xac\xed\x9f\xbf\"}",
    " [ 0 , -0 , 1E5 , 0.25e-3, \"\" , [] , {} ] ",
    "{\"long enough for words\":\"of eight bytes at a time\"}",
};

static const char bytes[] = "{}[],:\"\\0123456789.-+eEtrufalsn \t\r\n/bd"
                            "\x01\x7f\x80\xbf\xc0\xc3\xa9\xe2\xed\xa0\xf0\xf4"
                            "\x90\xff";

/* A copy of a seed with some bytes changed, added and taken away. */
static size_t mutate(uint64_t *state, char *text)
{
    const char *seed =
        seeds[chance(state) % (sizeof(seeds) / sizeof(seeds[0]))];
    size_t length = strlen(seed);

    memcpy(text, seed, length);
    for (uint64_t times = chance(state) % 5; times && length; times--) {
        size_t at = chance(state) % length;
        char byte = bytes[chance(state) % (sizeof(bytes) - 1)];

        switch (chance(state) % 4) {
        case 0:
            memmove(text + at, text + at + 1, --length - at);
            break;
        case 1:
            memmove(text + at + 1, text + at, length++ - at);
            text[at] = byte;
            break;
        case 2:
            length = at;
            break;
        default:
            text[at] = byte;
        }
    }
    return length;
}

static void accepts_what_jansson_accepts(void **state)
{
    const char *times = getenv("COSEND_TEST_TIMES");
    long count = times ? atol(times) : 100000;
    uint64_t seed = 7;

    (void)state;
    for (long i = 0; i < count; i++) {
        char text[128];
        size_t length = mutate(&seed, text);

        assert_true(agrees(text, length));
    }
    for (long i = 0; i < count; i++) {
        char text[12];
        size_t length = chance(&seed) % sizeof(text);

        for (size_t j = 0; j < length; j++)
            text[j] = bytes[chance(&seed) % (sizeof(bytes) - 1)];
        assert_true(agrees(text, length));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_columns_or_walked),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(the_last_of_equal_names_wins),
        cmocka_unit_test(a_name_may_be_a_path),
        cmocka_unit_test(what_is_no_object_is_bad),
        cmocka_unit_test(overlong_records),
        cmocka_unit_test(nesting_ends_where_jansson_ends_it),
        cmocka_unit_test(accepts_what_jansson_accepts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
