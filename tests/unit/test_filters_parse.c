/* SPDX-License-Identifier: MIT */
/* The scanner of access logs, held to the pattern that defines it, and its two
   ways to cut a line to each other. */
#include "base/simd.h"
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where they are in cosend_access_logs. */
enum log { LOG_COMBINED = 6, LOG_VHOST, LOG_COMMON };

/* The columns of a combined line. */
enum part {
    HOST,
    IDENT,
    USER,
    TIME,
    METHOD,
    PATH,
    PROTOCOL,
    STATUS,
    SIZE,
    REFERER,
    AGENT,
    REST,
    PARTS
};

static const char combined[] =
    "^(?<host>[^ ]*[^ ,]) (?<ident>[^ ]+) "
    "(?<user>-|(?!- )(?:(?! \\[)(?s:.))*(?<! -)) "
    "\\[(?<time>[^\\[\\]]+)\\] \"(?<request>(?:[^\"\\\\]|\\\\(?s:.))*)\" "
    "(?<status>[0-9]{3}|-) (?<size>[0-9]+|-)";
static const char agent[] = " \"(?<referer>(?:[^\"\\\\]|\\\\(?s:.))*)\" "
                            "\"(?<agent>(?:[^\"\\\\]|\\\\(?s:.))*)\"";
#define NO_QUOTE "(?:[^\"\\\\]|\\\\(?s:.)|\\\\$)*"
static const char rest[] =
    "(?: (?<rest>" NO_QUOTE "(?:\"" NO_QUOTE "\"" NO_QUOTE ")*))?$";
static const char request[] =
    "^(?<method>[A-Za-z][A-Za-z_-]*) (?<path>(?s:.)*?)"
    "(?: (?<protocol>HTTP/[^ ]*))?$";

static struct cosend_regex *patterns[LOG_COMMON + 1], *request_pattern;

static struct cosend_regex *must(const char *pattern)
{
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), NULL, NULL);

    assert_non_null(regex);
    return regex;
}

static int make_patterns(void **state)
{
    char whole[1024];

    (void)state;
    snprintf(whole, sizeof(whole), "%s%s%s", combined, agent, rest);
    patterns[LOG_COMBINED] = must(whole);
    snprintf(whole, sizeof(whole), "%s%s", combined, rest);
    patterns[LOG_COMMON] = must(whole);
    request_pattern = must(request);
    return 0;
}

static int free_patterns(void **state)
{
    (void)state;
    cosend_regex_free(patterns[LOG_COMBINED]);
    cosend_regex_free(patterns[LOG_COMMON]);
    cosend_regex_free(request_pattern);
    return 0;
}

/* The same parts by the patterns. */
static bool reference(struct cosend_cell line, int log,
                      struct cosend_cell *parts)
{
    struct cosend_cell cells[10], pieces[3];

    if (cosend_regex_captures(patterns[log], line, cells) != COSEND_MATCH)
        return false;
    memcpy(parts, cells, 4 * sizeof(*cells));
    parts[STATUS] = cells[5];
    parts[SIZE] = cells[6];
    for (int i = STATUS; i <= SIZE; i++)
        if (parts[i].length == 1 && parts[i].data[0] == '-')
            parts[i].length = 0;
    if (log == LOG_COMBINED)
        memcpy(parts + REFERER, cells + 7, 3 * sizeof(*cells));
    else
        parts[SIZE + 1] = cells[7];
    parts[METHOD] = parts[PROTOCOL] = cosend_text("", 0);
    parts[PATH] = cells[4];
    if (cosend_regex_captures(request_pattern, cells[4], pieces) ==
        COSEND_MATCH)
        memcpy(parts + METHOD, pieces, sizeof(pieces));
    return true;
}

enum { MOST = 2048 };

/* Lines that lie together, in memory that ends where they do. */
struct together {
    char *data;
    struct cosend_access_log_text text;
    uint64_t bits[COSEND_FIND_BYTES * COSEND_FIND_WORDS(MOST)];
    uint32_t quotes[MOST + COSEND_FIND_MORE];
};

static void look_at(struct together *at, const char *data, size_t length)
{
    size_t words = COSEND_FIND_WORDS(length), count;

    assert_true(length <= MOST);
    at->data = malloc(length ? length : 1);
    assert_non_null(at->data);
    memcpy(at->data, data, length);
    cosend_find_bytes(at->data, length, COSEND_ACCESS_LOG_MARKS, at->bits);
    count = cosend_found_places(at->bits + 3 * words, length, at->quotes);
    at->quotes[count] = at->quotes[count + 1] = UINT32_MAX;
    at->text = (struct cosend_access_log_text){
        at->data,         (uint32_t)length,     at->bits,
        at->bits + words, at->bits + 2 * words, at->quotes};
}

/* The fields of a line alone; NULL, or where it is none. */
static const char *cut_alone(struct cosend_cell line, int log,
                             struct cosend_cell *fields)
{
    struct together at;
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    const char *where;

    look_at(&at, line.data, line.length);
    where = cosend_access_log_cut(cosend_access_logs[log], &at.text, 0,
                                  line.length, parts);
    for (uint32_t i = 0; !where && i < cosend_access_logs[log]->count; i++)
        fields[i] = cosend_text(line.data + parts[i].start,
                                parts[i].end - parts[i].start);
    free(at.data);
    return where;
}

/* The columns of a line; NULL, or where it is none. */
static const char *scan_log(struct cosend_cell line, int log,
                            struct cosend_cell *cells)
{
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
    struct cosend_cell fields[COSEND_ACCESS_LOG_FIELDS];
    size_t count = cosend_access_log_columns(cosend_access_logs[log], columns);
    const char *where = cut_alone(line, log, fields);

    for (size_t i = 0; !where && i < count; i++)
        cells[i] =
            cosend_access_log_piece(&columns[i], fields[columns[i].field]);
    return where;
}

static size_t part_count(int log)
{
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];

    return cosend_access_log_columns(cosend_access_logs[log], columns);
}

static const char *name_of(int log, size_t i)
{
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];

    cosend_access_log_columns(cosend_access_logs[log], columns);
    return columns[i].name;
}

static void check_line(const char *text, size_t length)
{
    struct cosend_cell line = cosend_text(text, length);
    struct cosend_cell got[PARTS], want[PARTS];

    for (int log = LOG_COMBINED; log <= LOG_COMMON; log += 2) {
        const char *where = scan_log(line, log, got);

        if (reference(line, log, want) != !where)
            fail_msg("%.*s: %s", (int)length, text, where ? where : "taken");
        for (unsigned i = 0; !where && i < part_count(log); i++)
            if (got[i].length != want[i].length ||
                (got[i].length &&
                 memcmp(got[i].data, want[i].data, got[i].length) != 0))
                fail_msg("%.*s: %s is \"%.*s\", not \"%.*s\"", (int)length,
                         text, name_of(log, i), (int)got[i].length, got[i].data,
                         (int)want[i].length, want[i].data);
    }
}

static const char *const lines[] = {
    ("10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a.gif HTTP/1.0\" 200 "
     "2326 \"http://x/\" \"Mozilla/4.08 [en] (Win98; I)\""),
    "h i frank [t] \"GET / HTTP/1.1\" 304 -",
    "h - John Smith [t] \"M-SEARCH * HTTP/1.1\" 200 0 \"-\" \"-\"",
    "h -  [t] \"-\" 408 - \"-\" \"-\"",
    "h - - [t] \"\" 400 0 \"\" \"\"",
    "h - - [t] \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\"",
    "h - - [t] \"GET /a b HTTP/1.1\" 200 1 \"say \\\"hi\\\"\" \"back\\\\\"",
    "h - - [t] \"GET /\" 200 1",
    "h - - [t] \"GET  HTTP/1.1\" 200 1",
    "h - - [t] \"GET HTTP/1.1\" 200 1",
    "h - - [t] \"GET / HTTP/1.1\" - -",
    "h - - [t] \"get / HTTP/\" 200 5",
    "h - - [t] \"GET / HTTP/1.1\" 200 1 \"-\" \"unterminated",
    "h - - [t] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\" \"a b\" 0.1 \\",
    "h - - [t] \"GET / HTTP/1.1\" 200 1 \"x\" y\" \"-\"",
    "h - - [t] \"GET / HTTP/1.1\" 20 1",
    "h - - [] \"GET / HTTP/1.1\" 200 1",
    "h - - [t] \"GET / HTTP/1.1\" 200 1 ",
    "h, i j [t] \"GET / HTTP/1.1\" 200 1",
    "h i - - [t] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
    "h - john - [t] \"GET / HTTP/1.1\" 200 1",
    "h - a [b [t] \"GET / HTTP/1.1\" 200 1",
    "h - a-b - c- [t] \"GET / HTTP/1.1\" 200 1",
    "",
};

enum { UNDAMAGED = sizeof(lines) / sizeof(lines[0]) - 1 /* not the empty */ };

static void lines_are_parsed_as_the_pattern_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_line(lines[i], strlen(lines[i]));
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Put, take out and change bytes that mean something in a line. */
static size_t damage(char *line, size_t length, size_t room, uint64_t *seed)
{
    static const char bytes[] = " ,\"\\[]-0a\tG\xFF\n";

    for (uint64_t n = next_random(seed) % 4; n; n--) {
        size_t at = next_random(seed) % (length + 1);
        char byte = bytes[next_random(seed) % sizeof(bytes)];

        switch (next_random(seed) % 3) {
        case 0:
            if (length < room) {
                memmove(line + at + 1, line + at, length - at);
                line[at] = byte;
                length++;
            }
            break;
        case 1:
            if (at < length) {
                memmove(line + at, line + at + 1, length - at - 1);
                length--;
            }
            break;
        default:
            if (at < length)
                line[at] = byte;
        }
    }
    return length;
}

static void damaged_lines_are_judged_as_the_pattern_says(void **state)
{
    uint64_t seed = 0x9E3779B97F4A7C15u;
    char line[256];

    (void)state;
    for (int round = 0; round < 100000; round++) {
        const char *from = lines[next_random(&seed) % UNDAMAGED];
        size_t length = strlen(from);

        memcpy(line, from, length);
        length = damage(line, length, sizeof(line), &seed);
        check_line(line, length);
    }
}

static void parts_are_what_the_log_says(void **state)
{
    struct cosend_cell parts[PARTS];
    static const char *const want[PARTS] = {"10.0.0.1",
                                            "-",
                                            "-",
                                            "10/Oct/2000:13:55:36 -0700",
                                            "GET",
                                            "/a.gif",
                                            "HTTP/1.0",
                                            "200",
                                            "2326",
                                            "http://x/",
                                            "Mozilla/4.08 [en] (Win98; I)",
                                            ""};

    (void)state;
    assert_null(
        scan_log(cosend_text(lines[0], strlen(lines[0])), LOG_COMBINED, parts));
    for (unsigned i = 0; i < PARTS; i++) {
        assert_int_equal(parts[i].length, strlen(want[i]));
        assert_memory_equal(parts[i].data, want[i], parts[i].length);
    }
}

static void what_is_no_request_is_all_path(void **state)
{
    static const char line[] = "h - - [t] \"\\x16\\x03\" 400 - \"-\" \"-\"";
    struct cosend_cell parts[PARTS];

    (void)state;
    assert_null(scan_log(cosend_text(line, strlen(line)), LOG_COMBINED, parts));
    assert_int_equal(parts[METHOD].length, 0);
    assert_int_equal(parts[PROTOCOL].length, 0);
    assert_int_equal(parts[PATH].length, 8);
    assert_int_equal(parts[SIZE].length, 0);
    assert_int_equal(parts[SIZE].kind, COSEND_TEXT);
    assert_int_equal(parts[USER].length, 1);
}

static void a_reason_names_the_part(void **state)
{
    static const char *const rows[][2] = {
        {"", "host"},
        {"h", "host"},
        {"h, i j [t]", "host"},
        {"h - - t", "user"},
        {"h i - - [t] \"GET /\" 200 1", "user"},
        {"h i - j [t] \"GET /\" 200 1", "user"},
        {"h - j - [t] \"GET /\" 200 1", "user"},
        {"h - a [b [t] \"GET /\" 200 1", "time"},
        {"h - - [t", "time"},
        {"h - - [t] GET", "request"},
        {"h - - [t] \"GET", "request"},
        {"h - - [t] \"GET /\" 2000 1", "status"},
        {"h - - [t] \"GET /\" 200 x", "size"},
        {"h - - [t] \"GET /\" 200 1", "referer"},
        {"h - - [t] \"GET /\" 200 1 \"-\" \"x", "agent"},
        {"h - - [t] \"GET /\" 200 1 \"-\" \"x\"y", "rest"},
        {"h - - [t] \"GET /\" 200 1 \"-\" \"x\" y\"", "rest"},
    };
    struct cosend_cell parts[PARTS];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(
            scan_log(cosend_text(rows[i][0], strlen(rows[i][0])), LOG_COMBINED,
                     parts),
            rows[i][1]);
}

static void a_virtual_host_comes_before_the_parts(void **state)
{
    static const char line[] =
        "w:443 h - John Smith [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"";
    static const char combined_line[] =
        "h - John Smith [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"";
    struct cosend_cell parts[PARTS + 1];
    struct cosend_cell text = cosend_text(line, strlen(line));

    (void)state;
    assert_null(scan_log(text, LOG_VHOST, parts));
    assert_int_equal(part_count(LOG_VHOST), PARTS + 1);
    assert_int_equal(parts[0].length, 5);
    assert_memory_equal(parts[0].data, "w:443", 5);
    assert_memory_equal(parts[1 + HOST].data, "h ", 2);
    assert_int_equal(parts[1 + USER].length, 10);
    assert_int_equal(parts[1 + AGENT].length, 1);
    text = cosend_text("", 0);
    assert_string_equal(scan_log(text, LOG_VHOST, parts), "vhost");
    text = cosend_text(combined_line, strlen(combined_line));
    assert_null(scan_log(text, LOG_COMBINED, parts));
    assert_string_equal(scan_log(text, LOG_VHOST, parts), "host");
}

/* ---- Lines together ------------------------------------------------------ */

enum { LINES = 6 };

/* Lines one behind the other, with or without a line end between. */
struct group {
    char data[MOST];
    size_t length;
    uint32_t count;
    struct {
        size_t start, end;
    } at[LINES];
};

static void add_line(struct group *group, const char *line, size_t length,
                     const char *line_end)
{
    size_t start = group->length;

    memcpy(group->data + start, line, length);
    group->at[group->count].start = start;
    group->at[group->count++].end = start + length;
    memcpy(group->data + start + length, line_end, strlen(line_end));
    group->length = start + length + strlen(line_end);
}

static void same_fields(const struct group *group, int log, uint32_t line,
                        const struct cosend_cell *got, bool is_taken)
{
    struct cosend_cell want[COSEND_ACCESS_LOG_FIELDS] = {{0}};
    const char *text = group->data + group->at[line].start;
    size_t length = group->at[line].end - group->at[line].start;
    const char *where = cut_alone(cosend_text(text, length), log, want);

    if (is_taken != !where)
        fail_msg("%.*s: %s", (int)length, text, where ? where : "taken");
    for (uint32_t i = 0; is_taken && i < cosend_access_logs[log]->count; i++)
        if (got[i].length != want[i].length ||
            (got[i].length &&
             memcmp(got[i].data, want[i].data, got[i].length) != 0))
            fail_msg("%.*s: %s is \"%.*s\"", (int)length, text,
                     cosend_access_logs[log]->fields[i].name,
                     (int)got[i].length, got[i].data);
}

/* Cut all lines, as parse does. Returns how many of them were plain. */
static uint32_t cut_group(const struct group *group, int log)
{
    const struct cosend_access_log *form = cosend_access_logs[log];
    struct cosend_cell lines_of[LINES];
    struct cosend_cell of[COSEND_ACCESS_LOG_FIELDS][LINES];
    struct cosend_access_log_cells cells = {
        .lines = {lines_of, NULL, 0, UINT32_MAX, 0}};
    struct together at;
    uint32_t plain = 0, line = 0;

    look_at(&at, group->data, group->at[group->count - 1].end);
    for (uint32_t i = 0; i < group->count; i++)
        lines_of[i] = cosend_text(at.data + group->at[i].start,
                                  group->at[i].end - group->at[i].start);
    for (uint32_t i = 0; i < form->count; i++)
        cells.of[i] = of[i];
    for (; line < group->count; line++) {
        struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
        struct cosend_cell got[COSEND_ACCESS_LOG_FIELDS];
        uint32_t next =
            form->cut_plain(form, &at.text, &cells, line, group->count);

        plain += next - line;
        for (; line < next; line++) {
            for (uint32_t i = 0; i < form->count; i++)
                got[i] = of[i][line];
            same_fields(group, log, line, got, true);
        }
        if (line == group->count)
            break;
        if (cosend_access_log_cut(form, &at.text,
                                  (uint32_t)group->at[line].start,
                                  (uint32_t)group->at[line].end, parts)) {
            same_fields(group, log, line, got, false);
            continue;
        }
        for (uint32_t i = 0; i < form->count; i++)
            got[i] = cosend_text(at.data + parts[i].start,
                                 parts[i].end - parts[i].start);
        same_fields(group, log, line, got, true);
    }
    free(at.data);
    return plain;
}

static const char *const line_ends[] = {"\n", "\r\n", ""};

static void lines_together_are_cut_as_each_alone(void **state)
{
    uint64_t seed = 0xD1B54A32D192ED03u;
    uint32_t plain = 0;

    (void)state;
    for (int level = 0; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        for (int round = 0; round < 20000; round++) {
            const char *line_end = line_ends[next_random(&seed) % 3];
            struct group group = {.count = 0};
            int log = LOG_COMBINED + round % 3;

            while (group.count < LINES) {
                const char *from = lines[next_random(&seed) % UNDAMAGED];
                char line[256];
                int all = snprintf(line, sizeof(line), "%s%s",
                                   log == LOG_VHOST ? "w:443 " : "", from);
                size_t length = (size_t)all;

                if (next_random(&seed) % 2)
                    length = damage(line, length, sizeof(line), &seed);
                add_line(&group, line, length, line_end);
            }
            plain += cut_group(&group, log);
        }
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    assert_true(plain > 10000);
}

/* Behind what is left of a line may be nothing, or the next. */
static void a_line_is_cut_off_at_every_byte(void **state)
{
    (void)state;
    for (int log = LOG_COMBINED; log <= LOG_COMMON; log++)
        for (size_t i = 0; i < UNDAMAGED; i++)
            for (size_t length = 1; length <= strlen(lines[i]); length++)
                for (int more = 0; more < 3; more++) {
                    struct group group = {.count = 0};

                    add_line(&group, lines[0], strlen(lines[0]), "\n");
                    add_line(&group, lines[i], length, more == 1 ? "" : "\n");
                    for (int k = 0; k < more; k++)
                        add_line(&group, lines[i], strlen(lines[i]), "\n");
                    cut_group(&group, log);
                }
}

static void words_and_numbers_may_be_of_any_length(void **state)
{
    (void)state;
    for (int length = 1; length < 200; length++) {
        struct group group = {.count = 0};
        char x[201] = "", n[201] = "", line[MOST];

        memset(x, 'x', (size_t)length);
        memset(n, '7', (size_t)length);
        for (int i = 0; i < 5; i++) {
            int all = snprintf(
                line, sizeof(line), "%s %s %s [%s] \"%s\" 200 %s \"%s\" \"-\"",
                i == 0 ? x : "h", i == 1 ? x : "-", i == 2 ? x : "-",
                i == 3 ? x : "t", i == 4 ? x : "GET /", i == 4 ? n : "-",
                i == 0 ? x : "-");

            add_line(&group, line, (size_t)all, "\n");
        }
        assert_in_range(cut_group(&group, LOG_COMBINED), length < 57 ? 4 : 0,
                        5);
        cut_group(&group, LOG_COMMON);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_parsed_as_the_pattern_says),
        cmocka_unit_test(damaged_lines_are_judged_as_the_pattern_says),
        cmocka_unit_test(parts_are_what_the_log_says),
        cmocka_unit_test(what_is_no_request_is_all_path),
        cmocka_unit_test(a_reason_names_the_part),
        cmocka_unit_test(a_virtual_host_comes_before_the_parts),
        cmocka_unit_test(lines_together_are_cut_as_each_alone),
        cmocka_unit_test(a_line_is_cut_off_at_every_byte),
        cmocka_unit_test(words_and_numbers_may_be_of_any_length),
    };

    return cmocka_run_group_tests(tests, make_patterns, free_patterns);
}
