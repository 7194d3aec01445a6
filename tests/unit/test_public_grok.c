/* SPDX-License-Identifier: MIT */
/*
 * Patterns that name others, and wildcards: what becomes a field, what each
 * known name takes and what it does not, and what is said of those that are
 * wrong.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct cosend_grok *made(const char *pattern)
{
    struct cosend_error error = {0};
    struct cosend_grok *grok =
        cosend_grok_new(pattern, strlen(pattern), NULL, 0, &error);

    if (!grok)
        print_error("%s: %s\n", pattern, error.message);
    assert_non_null(grok);
    return grok;
}

/* What is found in a text: name=value; for each field that there is; "no" where
   nothing is. */
static void expect_found(const struct cosend_grok *grok, const char *text,
                         const char *wanted)
{
    struct cosend_cell cells[COSEND_GROK_FIELDS];
    char found[1024] = "no";
    size_t length = 0;

    if (cosend_grok_match(grok, cosend_text(text, strlen(text)), cells) ==
        COSEND_MATCH) {
        found[0] = '\0';
        for (size_t i = 0; i < cosend_grok_fields(grok); i++)
            if (cells[i].kind != COSEND_ABSENT)
                length += (size_t)snprintf(
                    found + length, sizeof(found) - length, "%s=%.*s;",
                    cosend_grok_field(grok, i), (int)cells[i].length,
                    cells[i].length ? cells[i].data : "");
    }
    assert_string_equal(found, wanted);
}

static void expect(const char *pattern, const char *text, const char *wanted)
{
    struct cosend_grok *grok = made(pattern);

    expect_found(grok, text, wanted);
    cosend_grok_free(grok);
}

static void refused(const char *pattern, const struct cosend_grok_name *own,
                    size_t own_count, const char *wanted)
{
    struct cosend_error error = {0};

    assert_null(
        cosend_grok_new(pattern, strlen(pattern), own, own_count, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    assert_string_equal(error.message, wanted);
}

static void names_become_fields(void **state)
{
    (void)state;
    expect("%{WORD:level}: %{GREEDYDATA:text}", "x WARN: low disk",
           "level=WARN;text=low disk;");
    expect("%{IP:[client][ip]} %{NUMBER:[ms]}", "10.0.0.1 2.5",
           "client.ip=10.0.0.1;ms=2.5;");
    expect("%{INT:a} (?<b>[a-z]+) %{INT}", "1 x 2", "a=1;b=x;");
    /* One field by two ways: the first that takes part. */
    expect("(?:id=%{INT:id}|%{WORD:id}!)", "id=7", "id=7;");
    expect("(?:id=%{INT:id}|%{WORD:id}!)", "seven!", "id=seven;");
    /* One that takes no part is absent. */
    expect("%{WORD:a}(?: %{INT:b})?$", "x", "a=x;");
    expect("100\\%{1}", "100%", "");
    /* One that is called as the groups are that we make. */
    expect("(?<cosend_0>[a-z]+) (?<cosend_v2>[0-9]+)", "x 1",
           "cosend_0=x;cosend_v2=1;");
    expect("%{WORD:a} (?<cosend_v0>[0-9]+) (?<cosend_0x>.)", "x 1 y",
           "a=x;cosend_v0=1;cosend_0x=y;");
}

/* Each row: a name, what all of it must take, and, behind these, what none of
   it may be all of. */
static const struct {
    const char *name, *takes[4], *not [4];
} known[] = {
    {"WORD", {"a", "x_1", "GET"}, {"", "a b", "a-b"}},
    {"NOTSPACE", {"a-b", "-"}, {"", "a b"}},
    {"QS", {"\"\"", "\"a \\\" b\"", "'x'", "`y`"}, {"\"", "\"a\\\"", "x"}},
    {"UUID",
     {"123e4567-e89b-12d3-a456-426614174000"},
     {"123e4567-e89b-12d3-a456-42661417400", "123e4567e89b12d3"}},
    {"INT", {"0", "-12", "+7"}, {"", "1.5", "-", "1e3"}},
    {"NUMBER", {"1", "-1.5", ".5", "2e10"}, {"", ".", "1.2.3", "x"}},
    {"BASE16NUM", {"0xfF", "12ab"}, {"0xg", ""}},
    {"POSINT", {"1", "10"}, {"0", "-1", "01"}},
    {"NONNEGINT", {"0", "010"}, {"-1", ""}},
    {"USERNAME", {"a.b-c_d"}, {"a b", ""}},
    {"EMAILADDRESS", {"a.b+c@example.org"}, {"a@", "@b", "a b@c"}},
    {"MAC",
     {"00:1a:2B:3c:4d:5e", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e"},
     {"00:1a:2b:3c:4d", "00:1a:2b:3c:4d:5g"}},
    {"IPV4", {"0.0.0.0", "255.1.20.199"}, {"256.1.1.1", "1.2.3", "1.2.3.4.5"}},
    {"IPV6",
     {"::", "::1", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8"},
     {"1:2:3", ":", "1:2:3:4:5:6:7:8:9", "12345::"}},
    {"IP", {"::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.1"}, {"10.0.0", "x"}},
    {"HOSTNAME", {"a", "www.example.org", "x-1.y_2"}, {"", "-a", "a b"}},
    {"HOSTPORT", {"a:80", "10.0.0.1:443"}, {"a", "a:0", "a:b"}},
    {"UNIXPATH", {"/", "/usr/bin/x-1.2"}, {"usr", "/a b"}},
    {"WINPATH", {"C:\\x\\y", "\\\\host\\share"}, {"C:", "C:/x"}},
    {"URI",
     {"http://a.example/x?y=1&z", "ftp://u:p@h:21/", "file:///x"},
     {"http", "//x"}},
    {"URIPATHPARAM", {"/", "/a/b?c=[d]"}, {"a", "/a b"}},
    {"MONTH", {"Jan", "October", "may"}, {"Foo", "Janu"}},
    {"MONTHDAY", {"1", "09", "31"}, {"0", "32"}},
    {"DAY", {"Mon", "Wednesday"}, {"Mo", "Wednes"}},
    {"YEAR", {"99", "2026"}, {"202", "20261"}},
    {"TIME", {"23:59:60", "1:02", "12:00:00.25"}, {"24:00", "12:60", "12"}},
    {"DATE", {"12/31/2026", "31.12.2026", "1-2-26"}, {"31-31-2026", "1"}},
    {"TIMESTAMP_ISO8601",
     {"2026-03-01T10:00:00Z", "2026-03-01 10:00:00,123 +01:00",
      "2026-03-01T10:00"},
     {"2026-03-01", "2026-13-01T10:00"}},
    {"DATESTAMP_RFC2822",
     {"Mon, 1 Mar 2026 10:00:00 +0100"},
     {"Mon 1 Mar 2026 10:00:00 +0100"}},
    {"HTTPDATE",
     {"10/Oct/2026:13:55:36 -0700"},
     {"10/Oct/2026 13:55:36 -0700", "10/Oct/2026:13:55:36"}},
    {"SYSLOGTIMESTAMP", {"Oct  1 13:55:36", "Oct 11 13:55:36"}, {"Oct 1"}},
    {"LOGLEVEL", {"INFO", "warning", "Err", "CRITICAL"}, {"INFORMATIVE", "x"}},
    {"PROG", {"sshd", "postfix/smtpd"}, {"a b", "a[1]"}},
    {"JAVACLASS", {"java.lang.String", "X$Y"}, {"1a", "a..b", ""}},
    {"REDISTIMESTAMP", {"01 Mar 2026 10:00:00.123"}, {"2026"}},
};

static void known_names_take_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        char pattern[128], wanted[128];
        struct cosend_grok *grok;

        snprintf(pattern, sizeof(pattern), "^%%{%s:x}$", known[i].name);
        grok = made(pattern);
        for (size_t k = 0; k < 4 && known[i].takes[k]; k++) {
            snprintf(wanted, sizeof(wanted), "x=%s;", known[i].takes[k]);
            expect_found(grok, known[i].takes[k], wanted);
        }
        for (size_t k = 0; k < 4 && known[i].not [k]; k++)
            expect_found(grok, known[i].not [k], "no");
        cosend_grok_free(grok);
    }
}

/* Each of them is a pattern, and is there once. */
static void all_known_names_compile(void **state)
{
    (void)state;
    for (size_t i = 0; cosend_grok_known[i].name; i++) {
        char pattern[128];

        snprintf(pattern, sizeof(pattern), "%%{%s}", cosend_grok_known[i].name);
        cosend_grok_free(made(pattern));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(cosend_grok_known[i].name,
                                    cosend_grok_known[k].name);
    }
}

static void lines_of_logs(void **state)
{
    (void)state;
    expect("%{COMBINEDAPACHELOG}",
           "10.0.0.1 - bob [10/Oct/2026:13:55:36 -0700] \"GET /x?y HTTP/1.1\" "
           "200 - \"-\" \"curl/8\"",
           "clientip=10.0.0.1;ident=-;auth=bob;"
           "timestamp=10/Oct/2026:13:55:36 -0700;verb=GET;request=/x?y;"
           "httpversion=1.1;response=200;referrer=\"-\";agent=\"curl/8\";");
    expect("%{SYSLOGLINE}",
           "Oct  1 13:55:36 web-1 sshd[311]: Failed password for root",
           "timestamp=Oct  1 13:55:36;logsource=web-1;program=sshd;pid=311;"
           "message=Failed password for root;");
    expect("%{JAVASTACKTRACEPART}", "\tat a.b.C.run(C.java:12)",
           "class=a.b.C;method=run;file=C.java;line=12;");
}

static void own_names_come_first(void **state)
{
    static const struct cosend_grok_name own[] = {
        {"ID", "[A-Z]{2}%{DIGITS:digits}"},
        {"DIGITS", "[0-9]{3}"},
        {"WORD", "[a-z]"}};
    struct cosend_error error = {0};
    struct cosend_grok *grok =
        cosend_grok_new("%{ID:id} %{WORD:w}", 18, own, 3, &error);

    (void)state;
    assert_non_null(grok);
    expect_found(grok, "AB123 xyz", "id=AB123;digits=123;w=x;");
    cosend_grok_free(grok);
}

static void fields_are_to_be_of_types(void **state)
{
    static const struct cosend_string texts[] = {
        {"%{INT:a:int} x", 14}, {"%{INT:a} %{WORD:b:bool}", 23}};
    struct cosend_grok *grok =
        made("%{INT:a:int} (?<b>b) %{WORD:c:date} (?<d>x) %{INT:a}");
    struct cosend_error error = {0};
    size_t which;

    (void)state;
    assert_int_equal(cosend_grok_fields(grok), 4);
    assert_int_equal(cosend_grok_type(grok, 0), COSEND_TO_INT);
    assert_int_equal(cosend_grok_type(grok, 1), -1);
    assert_int_equal(cosend_grok_type(grok, 2), COSEND_TO_DATE);
    assert_int_equal(cosend_grok_type(grok, 3), -1);
    expect_found(grok, "7 b c x 8", "a=7;b=b;c=c;d=x;");
    cosend_grok_free(grok);
    grok = cosend_grok_new_any(texts, 2, NULL, 0, &which, &error);
    assert_non_null(grok);
    assert_int_equal(cosend_grok_type(grok, 0), COSEND_TO_INT);
    assert_int_equal(cosend_grok_type(grok, 1), COSEND_TO_BOOL);
    cosend_grok_free(grok);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct cosend_grok_name round[] = {{"A", "x%{B}"},
                                                    {"B", "%{A}"}};
    static const struct cosend_grok_name broken[] = {{"ID", "[0-9"}};
    static const struct cosend_grok_name strange[] = {{"ID", "ab%{NUMBR}"}};

    (void)state;
    refused("a %{NUMBR:x}", NULL, 0,
            "at character 5: no pattern is called NUMBR; did you mean NUMBER");
    refused("a %{WORD:x", NULL, 0,
            "at character 3: the } of this %{ is missing; a % before a brace "
            "is written \\%");
    refused("%{WORD:}", NULL, 0,
            "at character 8: the name of a field is missing behind the :");
    refused("%{WORD:x:number}", NULL, 0,
            "at character 10: a field is an int, float, bool, string or date, "
            "not number");
    refused("%{WORD:x:int} %{WORD:x:date}", NULL, 0,
            "at character 24: the field is of another type before: x");
    refused("%{A}", round, 2,
            "pattern A: at character 3 of pattern B: a pattern cannot be made "
            "of itself, as here A");
    refused("%{ID}", broken, 1,
            "pattern ID: at character 4: missing terminating ] for character "
            "class");
    refused("x%{ID}", strange, 1,
            "pattern ID: at character 5 of pattern ID: no pattern is called "
            "NUMBR; did you mean NUMBER");
}

/* A pattern that doubles at each name is refused before it is all of memory. */
static void what_grows_is_refused(void **state)
{
    char texts[40][32], names[40][16];
    struct cosend_grok_name own[40];

    (void)state;
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof(names[i]), "N%d", i);
        snprintf(texts[i], sizeof(texts[i]), i ? "%%{N%d}%%{N%d}" : "abcdefgh",
                 i - 1, i - 1);
        own[i] = (struct cosend_grok_name){names[i], texts[i]};
    }
    refused("%{N39}", own, 40,
            "pattern N12: with all that it names the pattern is longer than "
            "49152 bytes");
}

static void the_first_that_matches_counts(void **state)
{
    static const struct cosend_string texts[] = {{"^%{INT:n} %{WORD:w}$", 20},
                                                 {"^%{WORD:w}=%{WORD:v}", 20},
                                                 {"^(?<line>.+)$", 13},
                                                 {"%{WRD}", 6}};
    size_t which;
    struct cosend_error error = {0};
    struct cosend_grok *grok =
        cosend_grok_new_any(texts, 3, NULL, 0, &which, &error);

    (void)state;
    assert_non_null(grok);
    assert_int_equal(cosend_grok_fields(grok), 4);
    expect_found(grok, "1 x", "n=1;w=x;");
    expect_found(grok, "a=b", "w=a;v=b;");
    expect_found(grok, "?", "line=?;");
    expect_found(grok, "", "no");
    cosend_grok_free(grok);
    assert_null(cosend_grok_new_any(texts, 4, NULL, 0, &which, &error));
    assert_int_equal(which, 3);
    assert_string_equal(error.message, "at character 3: no pattern is called "
                                       "WRD; did you mean WORD");
}

static void plain_patterns_name_nothing(void **state)
{
    static const char pattern[] = "^(?<p>[0-9]%{2})(?<q>x)?$";
    struct cosend_error error = {0};
    struct cosend_grok *grok =
        cosend_grok_new_regex(pattern, strlen(pattern), &error);

    (void)state;
    assert_non_null(grok);
    expect_found(grok, "5%%", "p=5%%;");
    cosend_grok_free(grok);
    assert_null(cosend_grok_new_regex("(", 1, &error));
    assert_string_equal(error.message,
                        "at character 1: missing closing parenthesis");
}

/* ---- Wildcards ----------------------------------------------------------- */

static void expect_wild(const char *pattern, const struct cosend_string *names,
                        size_t count, const char *text, const char *wanted)
{
    struct cosend_error error = {0};
    struct cosend_grok *grok =
        cosend_wildcards_new(pattern, strlen(pattern), names, count, &error);

    assert_non_null(grok);
    expect_found(grok, text, wanted);
    cosend_grok_free(grok);
}

static void wildcards_are_fields(void **state)
{
    static const struct cosend_string names[] = {
        {"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
    static const struct cosend_string some[] = {
        {"a", 1}, {"_", 1}, {"c:{}", 4}};

    (void)state;
    expect_wild("* - [*] \"* *\"", names, 4, "x y - [t u] \"GET /\" z",
                "a=x y;b=t u;c=GET;d=/;");
    expect_wild("took *ms", names, 1, "it took 15ms (ok)", "a=15;");
    expect_wild("took *", names, 1, "it took 15 ms", "a=15 ms;");
    expect_wild("* *", names, 2, "a  \t b c", "a=a;b=b c;");
    expect_wild("* * *", some, 3, "a b c", "a=a;c:{}=c;");
    expect_wild("\\*\\\\*.", names, 1, "*\\x.y", "a=x;");
    expect_wild("(*)", names, 1, "f()", "a=;");
    expect_wild("(*)", names, 1, "f(", "no");
    expect_wild("*,*", names, 2, "a\nb,c\nd", "a=a\nb;b=c\nd;");
    expect_wild("ü*ö", names, 1, "_üxö_", "a=x;");
}

static void refused_wild(const char *pattern, size_t count, const char *wanted)
{
    static const struct cosend_string names[] = {{"a", 1}, {"b", 1}, {"c", 1}};
    struct cosend_error error = {0};

    assert_null(
        cosend_wildcards_new(pattern, strlen(pattern), names, count, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    assert_string_equal(error.message, wanted);
}

static void wrong_wildcards_are_told(void **state)
{
    (void)state;
    refused_wild("a", 1, "no * is in the pattern, which would be a field");
    refused_wild("* *", 1,
                 "the pattern has 2 *, and 1 name is given; _ names one that "
                 "is no field");
    refused_wild("*", 3,
                 "the pattern has 1 *, and 3 names are given; _ names one that "
                 "is no field");
    refused_wild("a ** b", 2,
                 "at character 4: nothing is between two *, so that where the "
                 "first ends cannot be told");
}

/* ---- In the options of a filter ------------------------------------------ */

struct own {
    struct cosend_grok_options groks;
};

static const struct cosend_option own_options[] = {
    {.name = "groks",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct own, groks),
     .group = cosend_grok_options},
    {.name = NULL}};

static const char *asked; /* an option */
static bool compiled;

static void check_own(struct cosend_check *check, void *memory)
{
    const struct own *own = memory;
    struct cosend_grok *grok = cosend_check_grok(check, asked, &own->groks);

    compiled = grok != NULL;
    cosend_grok_free(grok);
}

static int pass_all(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter own_filter = {.abi = COSEND_ABI,
                                                .name = "groks",
                                                .summary = "groks",
                                                .options_size =
                                                    sizeof(struct own),
                                                .options = own_options,
                                                .check = check_own,
                                                .body = pass_all};

static void expect_options(const char *option, const char *line,
                           const char *problem)
{
    struct cosend_options options = {.size = sizeof(options)};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    asked = option;
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    if (problem) {
        assert_null(pipeline);
        assert_non_null(strstr(error.message, problem));
    } else {
        assert_non_null(pipeline);
        assert_true(compiled);
    }
    cosend_pipeline_free(pipeline);
}

static void options_are_compiled(void **state)
{
    (void)state;
    assert_int_equal(cosend_register(&own_filter, NULL), COSEND_OK);
    expect_options("regex", "groks regex=\"(?<a>x)\"", NULL);
    expect_options("grok", "groks grok=\"%{INT:a}\"", NULL);
    expect_options("any", "groks any=\"%{INT:a}\",\"%{WORD:b}\"", NULL);
    expect_options("pattern", "groks pattern=\"* *\" names=a,b", NULL);
    expect_options("pattern", "groks pattern=\"* *\"", "give names");
    expect_options("any", "groks", "needs a pattern");
    expect_options("none", "groks", "needs a pattern");
    expect_options("regex", "groks regex=x", "no named group");
    expect_options("any", "groks any=\"%{INT:a}\",\"(\"", "pattern 2: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_fields),
        cmocka_unit_test(known_names_take_what_they_say),
        cmocka_unit_test(all_known_names_compile),
        cmocka_unit_test(lines_of_logs),
        cmocka_unit_test(own_names_come_first),
        cmocka_unit_test(fields_are_to_be_of_types),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(what_grows_is_refused),
        cmocka_unit_test(the_first_that_matches_counts),
        cmocka_unit_test(plain_patterns_name_nothing),
        cmocka_unit_test(wildcards_are_fields),
        cmocka_unit_test(wrong_wildcards_are_told),
        cmocka_unit_test(options_are_compiled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
