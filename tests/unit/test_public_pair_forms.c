/* SPDX-License-Identifier: MIT */
/*
 * Forms of text that names its fields: what is written of random fields comes
 * apart as those, and a damaged text as the same but for what was damaged, or
 * not at all.
 */
#include "cosend.h"

#include <stdio.h>
#include <stdlib.h>

#include "chance.h"
#include "rounds.h"

enum { MOST = 24, LONGEST = 64, ROUNDS = 100000 };

/* A field, as it was made or as it came back. */
struct pair {
    char name[LONGEST], value[8 * LONGEST];
    size_t name_length, length;
};

struct pairs {
    struct pair of[4 * MOST];
    size_t count;
};

/* How a form is written, and told. */
struct form {
    const char *name;
    struct cosend_pair_options options;
    const char *prologue; /* a line before, which is none; or NULL */
    size_t fixed;         /* fields that each line has; 0: any */
    bool counted;         /* fields are called by their numbers */
    void (*make)(struct pairs *pairs);
    void (*write)(const struct pairs *pairs, struct text *text);
};

/* ---- Random fields ------------------------------------------------------- */

static void put_random(char *to, size_t *length, const char *letters,
                       unsigned least, unsigned more)
{
    unsigned count = least + draw(more + 1);

    *length = 0;
    while (count--)
        to[(*length)++] = letters[draw((unsigned)strlen(letters))];
}

static bool has_name(const struct pairs *pairs, const struct pair *pair)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->of[i].name_length == pair->name_length &&
            memcmp(pairs->of[i].name, pair->name, pair->name_length) == 0)
            return true;
    return false;
}

static void make_pairs(struct pairs *pairs, size_t count, const char *names,
                       const char *values, unsigned least)
{
    pairs->count = 0;
    while (pairs->count < count) {
        struct pair *pair = &pairs->of[pairs->count];

        put_random(pair->name, &pair->name_length, names, 1, 9);
        put_random(pair->value, &pair->length, values, least, 20);
        pairs->count += !has_name(pairs, pair);
    }
}

static void set_pair(struct pairs *pairs, const char *name, const char *value)
{
    struct pair *pair = &pairs->of[pairs->count++];

    pair->name_length = strlen(name);
    memcpy(pair->name, name, pair->name_length);
    pair->length = strlen(value);
    memcpy(pair->value, value, pair->length);
}

static void put(struct text *text, const char *string)
{
    add(text, string, strlen(string));
}

/* ---- logfmt and kv ------------------------------------------------------- */

static const char any_bytes[] =
    "abcXYZ019  \t\"\"\\=|;:,{}[]#%+'\n\r\x01\x7f\xc3\xa9\xff";

static void make_logfmt(struct pairs *pairs)
{
    make_pairs(pairs, 1 + draw(12), "abcXYZ019._-/\xc3\xa9", any_bytes, 0);
}

/* A value in quotes, with the escapes that it needs and some that it does not.
 */
static void put_in_quotes(struct text *text, const struct pair *pair)
{
    put(text, "\"");
    for (size_t i = 0; i < pair->length; i++) {
        char c = pair->value[i], escape[8];

        if (c == '"' || c == '\\' || (c == '/' && draw(2)))
            sprintf(escape, "\\%c", c);
        else if (c == '\n')
            strcpy(escape, draw(2) ? "\\n" : "\\u000a");
        else if ((unsigned char)c >= 0x80 || draw(40))
            sprintf(escape, "%c", c);
        else
            sprintf(escape, "\\x%02x", (unsigned char)c);
        put(text, escape);
    }
    put(text, "\"");
}

static bool is_plain(const struct pair *pair, const char *special)
{
    for (size_t i = 0; i < pair->length; i++)
        if (strchr(special, pair->value[i]))
            return false;
    return true;
}

static void write_logfmt(const struct pairs *pairs, struct text *text)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->of[i];

        put(text, i ? (draw(8) ? " " : "\t ") : "");
        add(text, pair->name, pair->name_length);
        put(text, "=");
        if (is_plain(pair, " \t\"\n\r\\") && draw(4))
            add(text, pair->value, pair->length);
        else
            put_in_quotes(text, pair);
    }
}

static void make_kv(struct pairs *pairs)
{
    make_pairs(pairs, 1 + draw(12), "abcXYZ019._-", any_bytes, 0);
}

static void write_kv(const struct pairs *pairs, struct text *text,
                     const char *between, const char *separator)
{
    bool blank = *between == ' ';

    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->of[i];

        put(text, i ? between : "");
        put(text, !blank && draw(2) ? "  " : "");
        add(text, pair->name, pair->name_length);
        put(text, !blank && draw(2) ? " \t" : "");
        put(text, separator);
        put(text, !blank && draw(2) ? " " : "");
        if (is_plain(pair, " \t\"\n\r\\;,") && draw(4))
            add(text, pair->value, pair->length);
        else
            put_in_quotes(text, pair);
        put(text, !blank && draw(2) ? " " : "");
    }
}

static void write_kv_semicolon(const struct pairs *pairs, struct text *text)
{
    write_kv(pairs, text, ";", "=");
}

static void write_kv_blank(const struct pairs *pairs, struct text *text)
{
    write_kv(pairs, text, " ", "=");
}

static void write_kv_colon(const struct pairs *pairs, struct text *text)
{
    write_kv(pairs, text, ", ", "::");
}

/* ---- JSON ---------------------------------------------------------------- */

static void put_json(struct text *text, const char *data, size_t length)
{
    struct cosend_bytes bytes = {0};

    cosend_put_json(&bytes, cosend_text(data, length));
    add(text, (const char *)bytes.data, bytes.length);
    cosend_bytes_free(&bytes);
}

static void make_json(struct pairs *pairs)
{
    make_pairs(pairs, 1 + draw(12), "abcXYZ019._-/ \"\\",
               "abc 019\"\\/\n\t,:{}[]", 0);
}

static void put_member(struct text *text, const struct pair *pair, bool first)
{
    put(text, first ? "" : draw(2) ? "," : " , ");
    put_json(text, pair->name, pair->name_length);
    put(text, draw(2) ? ":" : " : ");
    put_json(text, pair->value, pair->length);
}

static void write_json(const struct pairs *pairs, struct text *text)
{
    put(text, draw(2) ? "{" : "{ ");
    for (size_t i = 0; i < pairs->count; i++)
        put_member(text, &pairs->of[i], !i);
    put(text, "}");
}

static void make_docker(struct pairs *pairs)
{
    struct pair *log;

    pairs->count = 0;
    set_pair(pairs, "log", "");
    set_pair(pairs, "stream", draw(2) ? "stdout" : "stderr");
    set_pair(pairs, "time", "2026-03-01T10:00:00.123456789Z");
    log = &pairs->of[0];
    put_random(log->value, &log->length, "abc \"\\nr\t/", 0, 30);
}

static void write_docker(const struct pairs *pairs, struct text *text)
{
    struct pair log = pairs->of[0];

    memcpy(log.value + log.length, "\r\n", 2);
    log.length += 2;
    if (draw(2)) {
        log.value[log.length - 2] = '\n';
        log.length--;
    }
    put(text, "{");
    put_member(text, &log, true);
    put_member(text, &pairs->of[1], false);
    put_member(text, &pairs->of[2], false);
    put(text, "}");
}

/* Names that the access log of Caddy has, and ours; in the order of groups. */
static const char *const caddy[][2] = {
    {"request.remote_ip", "host"},
    {"request.method", "method"},
    {"request.uri", "path"},
    {"request.proto", "protocol"},
    {"request.host", "vhost"},
    {"request.headers.User-Agent", "agent"},
    {"request.headers.Accept", "request.headers.Accept"},
    {"request.tls.version", "request.tls.version"},
    {"user_id", "user"},
    {"status", "status"},
    {"resp_headers.Server", "resp_headers.Server"}};

enum { CADDY = sizeof(caddy) / sizeof(caddy[0]) };

static void make_caddy(struct pairs *pairs)
{
    pairs->count = 0;
    for (size_t i = 0; i < CADDY; i++) {
        struct pair *pair = &pairs->of[pairs->count];

        set_pair(pairs, caddy[i][1], "");
        put_random(pair->value, &pair->length, "abc \"\\nr\t/.019", 0, 30);
    }
}

static void write_caddy(const struct pairs *pairs, struct text *text)
{
    static const char *const between[CADDY] = {
        "{\"request\":{\"remote_ip\":",
        ",\"method\":",
        ",\"uri\":",
        ",\"proto\":",
        ",\"host\":",
        ",\"headers\":{\"User-Agent\":[ ",
        "],\"Accept\":",
        "},\"tls\":{\"version\":",
        "}},\"user_id\":",
        ",\"status\":",
        ",\"resp_headers\":{\"Server\":"};

    for (size_t i = 0; i < CADDY; i++) {
        put(text, between[i]);
        put_json(text, pairs->of[i].value, pairs->of[i].length);
    }
    put(text, "}}");
}

/* ---- CSV and W3C --------------------------------------------------------- */

static void make_cells(struct pairs *pairs, size_t count, const char *values,
                       unsigned least)
{
    make_pairs(pairs, count, "abcxyz", values, least);
    for (size_t i = 0; i < count; i++)
        pairs->of[i].name_length =
            (size_t)sprintf(pairs->of[i].name, "column_%zu", i + 1);
}

static void make_csv(struct pairs *pairs)
{
    make_cells(pairs, 1 + draw(12), "abc 019\"\"\\/\n\t,;:=", 0);
}

static void put_doubled(struct text *text, const struct pair *pair)
{
    put(text, "\"");
    for (size_t i = 0; i < pair->length; i++) {
        add(text, pair->value + i, 1);
        if (pair->value[i] == '"')
            put(text, "\"");
    }
    put(text, "\"");
}

static void write_csv(const struct pairs *pairs, struct text *text)
{
    for (size_t i = 0; i < pairs->count; i++) {
        put(text, i ? ";" : "");
        if (is_plain(&pairs->of[i], "\";\n") && draw(4))
            add(text, pairs->of[i].value, pairs->of[i].length);
        else
            put_doubled(text, &pairs->of[i]);
    }
}

static void make_w3c(struct pairs *pairs)
{
    static const char *const names[] = {"date", "cs-uri-stem", "c-ip", "text",
                                        "text_2"};

    make_cells(pairs, 5, "abc 019\"\"\\/\t,;:=+%#", 1);
    for (size_t i = 0; i < 5; i++) {
        strcpy(pairs->of[i].name, names[i]);
        pairs->of[i].name_length = strlen(names[i]);
    }
    *pairs->of[0].value = 'd'; /* no comment */
}

static void write_w3c(const struct pairs *pairs, struct text *text)
{
    for (size_t i = 0; i < pairs->count; i++) {
        put(text, i ? (draw(8) ? " " : "\t  ") : "");
        if (is_plain(&pairs->of[i], "\" \t") && draw(4))
            add(text, pairs->of[i].value, pairs->of[i].length);
        else
            put_doubled(text, &pairs->of[i]);
    }
}

/* ---- CEF ----------------------------------------------------------------- */

static void make_cef(struct pairs *pairs)
{
    static const char *const names[] = {
        "head",           "cef_version",  "device_vendor", "device_product",
        "device_version", "signature_id", "name"};
    struct pairs extension;

    pairs->count = 0;
    for (size_t i = 0; i < 7; i++) {
        struct pair *pair = &pairs->of[pairs->count];

        set_pair(pairs, names[i], "");
        put_random(pair->value, &pair->length, "abc 019|\\:;/x", 1, 20);
    }
    strcpy(pairs->of[0].value, "<134>Mar  1 10:00:00 gate");
    pairs->of[0].length = strlen(pairs->of[0].value);
    strcpy(pairs->of[1].value, draw(2) ? "0" : "1");
    pairs->of[1].length = 1;
    set_pair(pairs, "severity", draw(2) ? "10" : "Very-High");
    make_pairs(&extension, draw(8), "abcXYZ019_.", "abc 019|=\\\n\r:;/x?", 0);
    for (size_t i = 0; i < extension.count; i++)
        if (!has_name(pairs, &extension.of[i]))
            pairs->of[pairs->count++] = extension.of[i];
}

static void put_escaped(struct text *text, const struct pair *pair,
                        const char *special)
{
    for (size_t i = 0; i < pair->length; i++) {
        char c = pair->value[i];

        if (c == '\n' || c == '\r') {
            put(text, c == '\n' ? "\\n" : "\\r");
            continue;
        }
        if (strchr(special, c))
            put(text, "\\");
        add(text, &c, 1);
    }
}

static void write_cef(const struct pairs *pairs, struct text *text)
{
    add(text, pairs->of[0].value, pairs->of[0].length);
    put(text, " CEF:");
    for (size_t i = 1; i < 8; i++) {
        put_escaped(text, &pairs->of[i], "|\\");
        put(text, "|");
    }
    for (size_t i = 8; i < pairs->count; i++) {
        put(text, i > 8 ? " " : "");
        add(text, pairs->of[i].name, pairs->of[i].name_length);
        put(text, "=");
        put_escaped(text, &pairs->of[i], "=\\");
    }
}

/* ---- Coming apart -------------------------------------------------------- */

static const struct form forms[] = {
    {.name = "logfmt", .make = make_logfmt, .write = write_logfmt},
    {.name = "kv", .make = make_kv, .write = write_kv_blank},
    {.name = "kv",
     .options.pair_separator = {";", 1},
     .make = make_kv,
     .write = write_kv_semicolon},
    {.name = "kv",
     .options = {.pair_separator = {",", 1}, .value_separator = {"::", 2}},
     .make = make_kv,
     .write = write_kv_colon},
    {.name = "json", .make = make_json, .write = write_json},
    {.name = "csv",
     .options.delimiter = {";", 1},
     .counted = true,
     .make = make_csv,
     .write = write_csv},
    {.name = "cef", .make = make_cef, .write = write_cef},
    {.name = "w3c",
     .prologue = "#Fields: date cs-uri-stem\tc-ip  text text",
     .fixed = 5,
     .make = make_w3c,
     .write = write_w3c},
    {.name = "caddy", .make = make_caddy, .write = write_caddy},
    {.name = "docker", .make = make_docker, .write = write_docker},
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static struct cosend_pair_cutter *new_cutter(const struct form *form)
{
    const struct cosend_pair_form *row = cosend_pair_forms;
    struct cosend_error error = {0};
    struct cosend_pair_cutter *cutter;

    while (strcmp(row->name, form->name) != 0)
        row++;
    cutter = cosend_pair_cutter_new(row, &form->options, &error);
    assert_non_null(cutter);
    if (form->prologue)
        assert_int_equal(
            cosend_pair_cut(cutter,
                            cosend_text(form->prologue, strlen(form->prologue)),
                            "log"),
            COSEND_PAIRS_NO_LINE);
    return cutter;
}

/* Cut a text that stands alone in memory. */
static enum cosend_pair_result cut(struct cosend_pair_cutter *cutter,
                                   const struct text *text, struct pairs *to)
{
    char *alone = malloc(text->length + 8);
    enum cosend_pair_result result;
    struct cosend_item item = {0};
    bool failed = false;

    assert_non_null(alone);
    memcpy(alone, text->data, text->length);
    memset(alone + text->length, 0, 8);
    result = cosend_pair_cut(cutter, cosend_text(alone, text->length), "log");
    to->count = 0;
    while (result == COSEND_PAIRS_CUT &&
           cosend_pair_next(cutter, &item, &failed)) {
        struct pair *pair = &to->of[to->count++];

        assert_true(to->count < 4 * MOST);
        assert_true(item.name_length <= sizeof(pair->name) * 4);
        pair->name_length = item.name_length < sizeof(pair->name)
                                ? item.name_length
                                : sizeof(pair->name);
        memcpy(pair->name, item.name, pair->name_length);
        pair->length = item.cell.length;
        assert_true(pair->length <= sizeof(pair->value));
        if (pair->length)
            memcpy(pair->value, item.cell.data, pair->length);
    }
    assert_false(failed);
    free(alone);
    return result;
}

static bool is_pair(const struct pair *a, const struct pair *b)
{
    return a->name_length == b->name_length && a->length == b->length &&
           memcmp(a->name, b->name, a->name_length) == 0 &&
           memcmp(a->value, b->value, a->length) == 0;
}

static void comes_back(struct cosend_pair_cutter *cutter,
                       const struct pairs *made, const struct text *text)
{
    static struct pairs back;

    if (cut(cutter, text, &back) != COSEND_PAIRS_CUT)
        fail_msg("%.*s: %s", (int)text->length, text->data,
                 cosend_pair_cutter_problem(cutter));
    for (size_t i = 0; i < made->count && i < back.count; i++)
        if (!is_pair(&made->of[i], &back.of[i]))
            fail_msg("%.*s: %.*s is %.*s", (int)text->length, text->data,
                     (int)made->of[i].name_length, made->of[i].name,
                     (int)back.of[i].length, back.of[i].value);
    assert_int_equal(made->count, back.count);
}

static void random_fields_come_back(void **state)
{
    static struct pairs made;
    static struct text text;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        struct cosend_pair_cutter *cutter = new_cutter(&forms[i]);

        for (int round = rounds_of(ROUNDS); round--;) {
            forms[i].make(&made);
            text.length = 0;
            forms[i].write(&made, &text);
            comes_back(cutter, &made, &text);
        }
        cosend_pair_cutter_free(cutter);
    }
}

/* ---- Damage -------------------------------------------------------------- */

static void damage(struct text *text)
{
    static const char bytes[] = "a =\"\\|;,:{}[]#\t\n\xff";
    size_t at = text->length ? draw((unsigned)text->length) : 0;
    char byte = bytes[draw(sizeof(bytes))];

    switch (text->length ? draw(3) : 1) {
    case 0:
        memmove(text->data + at, text->data + at + 1, text->length - at - 1);
        text->length--;
        break;
    case 1:
        memmove(text->data + at + 1, text->data + at, text->length - at);
        text->length++;
        text->data[at] = byte;
        break;
    default:
        text->data[at] = byte;
        break;
    }
}

/* How many fields there are no more as they were made. */
static size_t count_lost(const struct pairs *made, const struct pairs *back)
{
    size_t lost = 0;

    for (size_t i = 0; i < made->count; i++) {
        size_t k = 0;

        while (k < back->count && !is_pair(&made->of[i], &back->of[k]))
            k++;
        lost += k == back->count;
    }
    return lost;
}

/* One byte is in one field, or between two: others stay what they are. But of
   cells without names nobody knows how many there should be, and a name that
   becomes another one takes its value. */
static void damage_stays_where_it_is(void **state)
{
    static struct pairs made, back;
    static struct text text;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        struct cosend_pair_cutter *cutter = new_cutter(&forms[i]);

        for (int round = rounds_of(ROUNDS); round--;) {
            forms[i].make(&made);
            text.length = 0;
            forms[i].write(&made, &text);
            damage(&text);
            if (cut(cutter, &text, &back) != COSEND_PAIRS_CUT)
                continue;
            if (forms[i].fixed)
                assert_int_equal(back.count, forms[i].fixed);
            if (!forms[i].counted &&
                count_lost(&made, &back) >
                    2u + cosend_pair_cutter_repeats(cutter))
                fail_msg("%s: %zu lost: %.*s", forms[i].name,
                         count_lost(&made, &back), (int)text.length, text.data);
        }
        cosend_pair_cutter_free(cutter);
    }
}

/* ---- By hand ------------------------------------------------------------- */

static void what_is_none_says_why(void **state)
{
    static const char *const lines[][3] = {
        {"logfmt", "hello world", "there is no name=value in it"},
        {"logfmt", "a=\"b", "byte 3: a quote that is not closed"},
        {"logfmt", "a=\"b\"c", "byte 6: text behind a closing quote"},
        {"logfmt", "a=1 b\"=2", "byte 5: a name has no quotes in it"},
        {"logfmt", "", "there is no name=value in it"},
        {"kv", "a=1 b", "byte 5: there is no \"=\" in this pair"},
        {"kv", "a=1 =2",
         "byte 5: a name was expected in front of value_separator"},
        {"kv", " ", "there is no pair in it"},
        {"json", "[1]", "valid JSON, but not an object"},
        {"json", "", "invalid JSON in byte 1: a value was expected"},
        {"csv", "a,\"b", "byte 3: a quote that is not closed"},
        {"csv", "a\nb", "byte 2: a second line, where there should be one"},
        {"cef", "CEF: 0|a", "there is no CEF:0| or CEF:1| in it"},
        {"cef", "CEF:0|a|b|c|d|e|f=1|x=2",
         "byte 17: there is a = in the severity, so one of the seven | of the "
         "header may lack"},
        {"cef", "CEF:0|a|b|c|d|e|f|x",
         "byte 19: a key with = behind it was expected where the extension "
         "begins"},
        {"w3c", "1 2",
         "no line before it in its file begins with #Fields: and says what its "
         "values are; put one in front, or parse it by regex, by pattern, or "
         "as csv with names"},
        {"caddy", "{\"status\":200}",
         "a line of Caddy's access log has an object \"request\", and a "
         "\"status\""},
        {"docker", "{\"log\":1,\"time\":2}",
         "a line of a container's log has a text \"log\", and a \"time\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const struct form form = {.name = lines[i][0]};
        struct cosend_pair_cutter *cutter = new_cutter(&form);
        static struct pairs back;
        static struct text text;

        text.length = 0;
        put(&text, lines[i][1]);
        assert_int_equal(cut(cutter, &text, &back), COSEND_PAIRS_OTHER);
        assert_string_equal(cosend_pair_cutter_problem(cutter), lines[i][2]);
        cosend_pair_cutter_free(cutter);
    }
}

static void names_repeat(void **state)
{
    const struct form form = {.name = "logfmt"};
    struct cosend_pair_cutter *cutter = new_cutter(&form);
    struct cosend_item item = {0};
    bool failed = false;

    (void)state;
    assert_int_equal(cosend_pair_cut(cutter, cosend_text("a=1 b=2", 7), NULL),
                     COSEND_PAIRS_CUT);
    assert_false(cosend_pair_cutter_repeats(cutter));
    assert_int_equal(
        cosend_pair_cut(cutter, cosend_text("a=1 b=2 a=3", 11), NULL),
        COSEND_PAIRS_CUT);
    assert_true(cosend_pair_cutter_repeats(cutter));
    assert_true(cosend_pair_next(cutter, &item, &failed));
    assert_memory_equal(item.name, "a", 1);
    assert_memory_equal(item.cell.data, "3", 1);
    assert_true(cosend_pair_next(cutter, &item, &failed));
    assert_false(cosend_pair_next(cutter, &item, &failed));
    assert_false(failed);
    cosend_pair_cutter_free(cutter);
}

static void options_that_contradict_are_refused(void **state)
{
    struct cosend_pair_options options = {.pair_separator = {"=", 1}};
    struct cosend_error error = {0};

    (void)state;
    assert_null(
        cosend_pair_cutter_new(&cosend_pair_forms[1], &options, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    options.pair_separator.data = "0123456789012345678901234567890123";
    options.pair_separator.length = 34;
    assert_null(
        cosend_pair_cutter_new(&cosend_pair_forms[1], &options, &error));
    options.delimiter.data = "\"";
    options.delimiter.length = 1;
    assert_null(
        cosend_pair_cutter_new(&cosend_pair_forms[3], &options, &error));
    cosend_pair_cutter_free(NULL);
}

static void rows_have_names(void **state)
{
    struct cosend_option row;

    (void)state;
    assert_true(cosend_option_at(cosend_pair_options, 0, &row));
    assert_string_equal(row.name, "pair_separator");
    assert_true(cosend_option_at(cosend_grok_options, 0, &row));
    assert_string_equal(row.name, "regex");
    assert_true(cosend_option_at(cosend_field_type_options, 0, &row));
    assert_string_equal(row.name, "type");
}

/* ---- Conversion ---------------------------------------------------------- */

static void cells_become_what_they_are_to_be(void **state)
{
    static const struct {
        enum cosend_conversion_type type;
        const char *from, *to, *why;
    } rows[] = {
        {COSEND_TO_INT, "007", "7", NULL},
        {COSEND_TO_INT, "7.5", NULL, "is not a whole number"},
        {COSEND_TO_FLOAT, "1e3", "1000", NULL},
        {COSEND_TO_FLOAT, "x", NULL, "is not a number"},
        {COSEND_TO_BOOL, "Yes", "true", NULL},
        {COSEND_TO_BOOL, "perhaps", NULL, "is neither true nor false"},
        {COSEND_TO_STRING, "007", "007", NULL},
        {COSEND_TO_DATE, "2026-03-01 10:00:00", "2026-03-01T10:00:00Z", NULL},
        {COSEND_TO_DATE, "soon", NULL, "is no time"},
    };
    const struct cosend_conversion how = {0};
    struct cosend_bytes bytes = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *why;
        struct cosend_cell cell = cosend_convert(
            &how, rows[i].type, cosend_text(rows[i].from, strlen(rows[i].from)),
            &bytes, &why);

        if (rows[i].why) {
            assert_string_equal(why, rows[i].why);
            continue;
        }
        assert_null(why);
        assert_int_equal(cell.length, strlen(rows[i].to));
        assert_memory_equal(cell.data, rows[i].to, cell.length);
    }
    assert_string_equal(cosend_conversion_fault(COSEND_TO_INT), "not_an_int");
    assert_string_equal(cosend_conversion_types[COSEND_TO_DATE], "date");
    cosend_bytes_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_fields_come_back),
        cmocka_unit_test(damage_stays_where_it_is),
        cmocka_unit_test(what_is_none_says_why),
        cmocka_unit_test(names_repeat),
        cmocka_unit_test(options_that_contradict_are_refused),
        cmocka_unit_test(rows_have_names),
        cmocka_unit_test(cells_become_what_they_are_to_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
