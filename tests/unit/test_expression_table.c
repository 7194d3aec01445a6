/* SPDX-License-Identifier: MIT */
/*
 * What expressions are: a table of them, each with a record and the value. Text
 * is shown in single quotes, what is bad behind an exclamation mark.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

struct showing {
    struct cosend_expression *value;
};

static const struct cosend_option showing_options[] = {
    {.name = "value",
     .type = COSEND_OPTION_EXPRESSION,
     .offset = offsetof(struct showing, value),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static void show(struct cosend_stage *self, struct cosend_column column,
                 const struct cosend_value *value)
{
    char text[512];

    if (value->type == COSEND_TYPE_ABSENT)
        snprintf(text, sizeof(text), "absent");
    else if (value->type == COSEND_TYPE_NULL)
        snprintf(text, sizeof(text), "null");
    else if (value->type == COSEND_TYPE_TEXT)
        snprintf(text, sizeof(text), "'%.*s'", (int)value->length,
                 value->as.text);
    else if (value->type == COSEND_TYPE_BAD)
        snprintf(text, sizeof(text), "!%.*s", (int)value->length,
                 value->as.text);
    else {
        cosend_set_value(self, column, value);
        return;
    }
    cosend_set(self, column, cosend_text(text, strlen(text)));
}

static int showing_body(struct cosend_stage *self, void *options)
{
    struct cosend_expression *value = ((struct showing *)options)->value;
    struct cosend_column is = cosend_add_column(self, "is");
    const struct cosend_value *values;
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self))) {
        values = cosend_evaluate(self, value);
        if (!values)
            return COSEND_E_MEMORY;
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
            show(self, is, &values[i]);
            cosend_pick(self, i);
        }
    }
    return 0;
}

static const struct cosend_filter showing_filter = {.abi = COSEND_ABI,
                                                    .name = "showing",
                                                    .options_size =
                                                        sizeof(struct showing),
                                                    .options = showing_options,
                                                    .body = showing_body};

struct row {
    const char *expression, *value;
};

/* Of all rows the record. n is text that is a number, s is none. */
static const char record[] =
    "{\"i\":7,\"j\":-2,\"d\":2.50,\"big\":9007199254740993,"
    "\"huge\":123456789012345678901234567890,\"n\":\"05\",\"s\":\"abc\","
    "\"e\":\"\",\"z\":null,\"t\":true,\"f\":false,\"zero\":0,"
    "\"o\":{\"a\":[1,{\"b\":\"x\"}],\"5\":6},\"u\":\"na\\u00efve\","
    "\"when\":\"2000-10-10T13:55:36Z\",\"max\":9223372036854775807,"
    "\"a.b\":\"dotted\",\"a\":{\"b\":\"path\"},\"true text\":\"true\"}\n";

#include "expression_edges.h"

static const struct row rows[] = {
    /* Literals and fields, as they are. */
    {"5", "5"},
    {"05", "5"},
    {"5.0", "5"},
    {".5", "0.5"},
    {"5.", "5"},
    {"1e3", "1000"},
    {"+3", "3"},
    {"-3", "-3"},
    {"'it''s'", NULL},
    {"'a\\'b'", "'a'b'"},
    {"\"\\u00e9\\n\"", "'\xc3\xa9\n'"},
    {"\"\\ud83d\\ude00\"", "'\xf0\x9f\x98\x80'"},
    {"null", "null"},
    {"absent", "absent"},
    {"true", "true"},
    {"250ms", "0.25"},
    {"1h30m", "5400"},
    {"1w", "604800"},
    {"i", "7"},
    {"d", "2.50"},
    {"huge", "123456789012345678901234567890"},
    {"n", "'05'"},
    {"e", "''"},
    {"z", "null"},
    {"nothing", "absent"},
    {"t", "true"},
    {"`true text`", "'true'"},
    {"o", "{\"a\":[1,{\"b\":\"x\"}],\"5\":6}"},
    {"o.a[0]", "1"},
    {"o.a[-1].b", "'x'"},
    {"o.a[2]", "absent"},
    {"o.`5`", "6"},
    {"i.a", "absent"},
    {"a.b", "'dotted'"},
    {"`a`.b", "'path'"},
    /* Integers are exact, and go on as doubles. */
    {"i + 1", "8"},
    {"i + n", "12"},
    {"n * 2", "10"},
    {"max + 0", "9223372036854775807"},
    {"max + 1", "9223372036854776000"},
    {"-max - 1", "-9223372036854775808"},
    {"-max - 2", "-9223372036854776000"},
    {"max * 2", "18446744073709552000"},
    {"big + 0", "9007199254740993"},
    {"huge + 0", "1.2345678901234568e+29"},
    {"7 / 2", "3.5"},
    {"6 / 2", "3"},
    {"7 // 2", "3"},
    {"-7 // 2", "-4"},
    {"7 // -2", "-4"},
    {"7 % 5", "2"},
    {"-7 % 5", "3"},
    {"7 % -5", "-3"},
    {"-7.5 % 5", "2.5"},
    {"7.5 // 2", "3"},
    {"(-max - 1) // -1", "9223372036854776000"},
    {"(-max - 1) % -1", "0"},
    {"2 ** 10", "1024"},
    {"2 ** 62", "4611686018427387904"},
    {"2 ** 63", "9223372036854776000"},
    {"2 ** -1", "0.5"},
    {"2 ** 3 ** 2", "512"},
    {"-2 ** 2", "-4"},
    {"0 ** 0", "1"},
    {"(-1) ** 1000001", "-1"},
    {"0.1 + 0.2", "0.30000000000000004"},
    {"d * 2", "5"},
    {"d + d", "5"},
    {"1 - 2 - 3", "-4"},
    {"2 + 3 * 4", "14"},
    {"(2 + 3) * 4", "20"},
    {"100 / 10 / 5", "2"},
    {"- -3", "3"},
    {"1/0", NULL},
    {"i / zero", "!i / zero divides by zero"},
    {"i // zero", "!i // zero divides by zero"},
    {"i % zero", "!i % zero divides by zero"},
    {"zero ** j", "!zero ** j divides by zero"},
    {"1e308 * i * 1e10", "!1e308 * i is too large for a number"},
    {"sqrt(j)", "!sqrt(j) is no number"},
    {"log(j)", "!log(j) is no number"},
    /* What is blank, and what is no number. */
    {"z + 1", "null"},
    {"nothing + 1", "null"},
    {"e * 2", "null"},
    {"-e", "null"},
    {"e + s", "!s is not a number: \"abc\""},
    {"s + 1", "!s is not a number: \"abc\""},
    {"-s", "!s is not a number: \"abc\""},
    {"t + 1", "!t is not a number: \"true\""},
    {"o + 1", "!o is not a number: \"{\"a\":[1,{\"b\":\"x\"}],\"5\":6}\""},
    {"round(s)", "!s is not a number: \"abc\""},
    {"round(e)", "null"},
    /* Comparisons with a number. */
    {"i == 7", "true"},
    {"i == 7.0", "true"},
    {"i = 7", NULL},
    {"n == 5", "true"},
    {"n == '5'", "false"},
    {"n == '05'", "true"},
    {"d == 2.5", "true"},
    {"d == '2.5'", "false"},
    {"d == '2.50'", "true"},
    {"s == 5", "false"},
    {"s != 5", "true"},
    {"s < 5", "!s is not a number: \"abc\""},
    {"5 <= s", "!s is not a number: \"abc\""},
    {"t < 5", "!t is not a number: \"true\""},
    {"e < 5", "false"},
    {"e == 5", "false"},
    {"e != 5", "true"},
    {"z >= 5", "false"},
    {"nothing != 5", "true"},
    {"nothing == 5", "false"},
    {"big == 9007199254740992", "false"},
    {"9007199254740993 == 9007199254740992", "false"},
    {"big > 9007199254740992", "true"},
    {"huge == 123456789012345678901234567890", "true"},
    {"huge > 123456789012345678901234567889", "true"},
    {"max < 9223372036854775807.5", "true"},
    {"max + 1 > max", "true"},
    {"0.1 + 0.2 == 0.3", "false"},
    {"1 == 1 || 2", NULL},
    {"1 < 2 < 3", NULL},
    /* Between two cells, and with text. */
    {"i < n", "false"},
    {"n < i", "true"},
    {"i == s", "false"},
    {"s > i", "true"},
    {"s == s", "true"},
    {"e == e", "false"},
    {"e != e", "true"},
    {"z == nothing", "false"},
    {"s > 'abb'", "true"},
    {"s < 'b'", "true"},
    {"i < '10'", "false"},
    {"lower(s) == s", "true"},
    {"lower(n) == n", "true"},
    {"lower(n) == i", "false"},
    {"t == true", "true"},
    {"`true text` == true", "true"},
    {"f == true", "false"},
    {"t == t", "true"},
    {"t != f", "true"},
    {"o == o", "true"},
    {"s == null", NULL},
    {"'5' == 5", NULL},
    {"lower(s) == 5", NULL},
    {"s in ['x', 'abc']", "true"},
    {"s not in ['x', 'abc']", "false"},
    {"n in [4, 5]", "true"},
    {"n in ['5']", "false"},
    {"i in [n, i]", "true"},
    {"e in ['']", "false"},
    {"e not in ['x']", "false"},
    {"i in []", "false"},
    {"s =~ '^a'", "true"},
    {"s !~ '^a'", "false"},
    {"s =~ \"\\w\\bx|c\\b\"", "true"},
    {"n =~ \"^\\d+$\"", "true"},
    {"i =~ '7'", "true"},
    {"e =~ ''", "false"},
    {"e !~ 'x'", "false"},
    {"i * 2 =~ '14'", NULL},
    /* Logic. */
    {"t && f", "false"},
    {"t || s", "true"},
    {"f || s", "!s is neither true nor false: \"abc\""},
    {"f && s", "false"},
    {"t && s", "!s is neither true nor false: \"abc\""},
    {"e || t", "true"},
    {"!e", "true"},
    {"!t", "false"},
    {"not t or t", "true"},
    {"!i == 7", "false"},
    {"not (i == 8)", "true"},
    {"i == 7 && (n == 4 || s == 'abc')", "true"},
    {"t and not f or f", "true"},
    {"i", "7"},
    {"!5", NULL},
    {"s < 5 || t", "!s is not a number: \"abc\""},
    {"t || s < 5", "true"},
    /* Choices. */
    {"e ?? 'x'", "'x'"},
    {"nothing ?? z ?? 3", "3"},
    {"s ?? 'x'", "'abc'"},
    {"zero ?? 5", "0"},
    {"f ?? true", "false"},
    {"s * 2 ?? 0", "!s is not a number: \"abc\""},
    {"e * 2 ?? 0", "0"},
    {"a ?? 1 == 1", NULL},
    {"if(i > 5, 'big', s * 2)", "'big'"},
    {"if(i < 5, 'big', s * 2)", "!s is not a number: \"abc\""},
    {"if(s < 5, 1, 2)", "!s is not a number: \"abc\""},
    {"if(i > 5, i, 'x') == 7", "true"},
    {"if(i < 5, i, 'x') == 7", "false"},
    {"coalesce(e, z, nothing)", "absent"},
    {"coalesce(e, 1/i, s * 2)", "0.14285714285714285"},
    /* Functions. */
    {"exists(z)", "true"},
    {"exists(nothing)", "false"},
    {"exists(o.a[5])", "false"},
    {"empty(z)", "true"},
    {"empty(zero)", "false"},
    {"is_number(n)", "true"},
    {"is_number(s)", "false"},
    {"is_number(t)", "false"},
    {"is_text(s)", "true"},
    {"is_text(n)", "false"},
    {"is_text(e)", "false"},
    {"abs(j)", "2"},
    {"abs(-max - 1)", "9223372036854776000"},
    {"round(2.5)", "3"},
    {"round(-2.5)", "-3"},
    {"round(1.005, 2)", "1.01"},
    {"round(d, 1)", "2.5"},
    {"round(1234, -2)", "1200"},
    {"round(i, 1.5)", NULL},
    {"floor(huge)", "1.2345678901234568e+29"},
    {"min(i, n, d)", "2.5"},
    {"max(z, i, e)", "7"},
    {"max(z, e)", "null"},
    {"min(i, s)", "!s is not a number: \"abc\""},
    {"number(n)", "5"},
    {"number(s)", "!s is not a number: \"abc\""},
    {"hex('0xZ')", NULL},
    {"length(u)", "5"},
    {"bytes(u)", "6"},
    {"upper(u)", "'NA\xc3\x8fVE'"},
    {"length(i)", "1"},
    {"length(nothing)", "null"},
    {"length(e)", "0"},
    {"length(t)", "4"},
    {"length(o)", "2"},
    {"length(o.a) + 1", "3"},
    {"substr(u, 2, 2)", "'\xc3\xafv'"},
    {"substr(s, -2)", "'bc'"},
    {"substr(s, 5)", "''"},
    {"substr(s, 0, -1)", "''"},
    {"contains(s, 'b')", "true"},
    {"contains(s, '')", "true"},
    {"contains(i, 7)", "true"},
    {"starts_with(s, 'abcd')", "false"},
    {"replace(s, '', 'x')", NULL},
    {"concat(i, d, z, s)", "'72.50abc'"},
    {"concat(n, 1 / 4)", "'050.25'"},
    {"lower(z)", "null"},
    {"lower(1 < 2)", NULL},
    {"'a' * 2", NULL},
    {"pad(s, 5)", "'abc  '"},
    {"repeat(s, 0)", "''"},
    {"title('o\\u0027neill and sons')", "'O'neill And Sons'"},
    {"split(s, 'b', 1)", "'c'"},
    {"split(s, 'b', 2)", "null"},
    {"split(s, 'x', -1)", "'abc'"},
    {"split(s, 'b', -3)", "null"},
    {"split(e, 'b', 0)", "''"},
    {"is_ip('1.2.3')", "false"},
    {"is_ip('1.2.3.4/8')", "false"},
    {"ip_in('2001:db8::1', '2001:db8::/33')", "true"},
    {"ip_in('2001:db8:8000::1', '2001:db8::/33')", "false"},
    {"ip_in('10.0.0.1', '::/0', '10.0.0.1')", "true"},
    {"ip_in(s, '10.0.0.0/33')", NULL},
    {"split(s, '', 0)", NULL},
    {"split(s, 'b', 0)", "'a'"},
    {"round(i, 400)", NULL},
    {"bucket(time(when), 0)", NULL},
    {"pad(s, 4)", "'abc '"},
    {"now(i)", NULL},
    /* The year of syslog's times is the one nearest to now, of a constant
       too. */
    {"time('Oct 10 13:55:36') > time('2025-01-01')", "true"},
    {"month(time('Oct 10 13:55:36'))", "10"},
    {"time(when) > 'Oct 10 13:55:36'", "false"},
    {"ip_in(s, '10.0.0.0/8')", "!s is not an IP address: \"abc\""},
    {"ip_in(e, '10.0.0.0/8')", "false"},
    {"ip_in(s, '10.0.0.0/8')", "!s is not an IP address: \"abc\""},
    {"ip_in('10.0.0.1', '10.0.0.0/33')", NULL},
    {"url_decode('%41%4')", "'A%4'"},
    {"nosuch(1)", NULL},
    {"abs()", NULL},
    {"abs(1, 2)", NULL},
    /* Times. */
    {"time(when)", "2000-10-10T13:55:36Z"},
    {"time(when) + 1h", "2000-10-10T14:55:36Z"},
    {"1h + time(when)", "2000-10-10T14:55:36Z"},
    {"time(when) - 36", "2000-10-10T13:55:00Z"},
    {"time(when) - time('2000-10-10')", "50136"},
    {"time(when) > '2000-10-10'", "true"},
    {"time(when) == time('2000-10-10T15:55:36+02:00')", "true"},
    {"time(s)", "!s is not a time: \"abc\""},
    {"time(e)", "null"},
    {"time(e) > '2000-10-10'", "false"},
    {"year(time(when))", "2000"},
    {"year(when)", NULL},
    {"time(when) * 2", NULL},
    {"5 - time(when)", NULL},
    {"time(when) + 1e12", "!time(when) + 1e12 is beyond the years 1677 to "
                          "2262"},
    {"epoch(time('1970-01-01T00:00:00.5Z'))", "0.5"},
    {"bucket(time(when), zero)", "!zero is not a span of time above 0: \"0\""},
    {"format_time(time(when), '%H:%M', 'Asia/Tokyo')", "'22:55'"},

    /* Patterns. */
    {"match(s, 'b.')", "true"},
    {"match(s, '^b')", "false"},
    {"match(i, '\\d')", "true"},
    {"match(nothing, 'a')", "null"},
    {"match(s, '[')", NULL},
    {"match(s, s)", NULL},
    {"match(u, 'a..v')", "true"},
    {"extract(when, '\\d+-(\\d+)')", "'10'"},
    {"extract(when, '\\d+-\\d+')", "'2000-10'"},
    {"extract(when, '(\\d+)-(\\d+)', 2)", "'10'"},
    {"extract(when, '(\\d+)-(\\d+)', 0)", "'2000-10'"},
    {"number(extract(when, '(?<year>\\d+)-(?<month>\\d+)', 'month')) + 1",
     "11"},
    {"extract(when, '(\\d+)', 2)", NULL},
    {"extract(when, '(\\d+)', 'year')", NULL},
    {"extract(when, '(\\d+)', i)", NULL},
    {"extract(when, '(\\d+)', -1)", NULL},
    {"extract(s, 'x')", "null"},
    {"extract(s, '(x)?b')", "null"},
    {"extract(s, 'b(x*)')", "''"},
    {"extract(s, 'b', 1)", NULL},
    {"extract(e, '^')", "''"},
    {"extract(z, 'a')", "null"},
    {"replace_all(s, '[ac]', '<$0>')", "'<a>b<c>'"},
    {"replace_all(s, 'x', 'y')", "'abc'"},
    {"replace_all(s, '', '-')", "'-a-b-c-'"},
    {"replace_all(s, '(?<x>b)', '${x}$$')", "'ab$c'"},
    {"number(replace_all(i, '7', '8')) + 1", "9"},
    {"replace_all(s, 'b', '')", "'ac'"},
    {"replace_all(e, 'b', 'c')", "''"},
    {"replace_all(s, 'b', '$1')", NULL},
    {"replace_all(s, '(b)', '\\1')", NULL},
    {"replace_all(s, 'b', s)", NULL},
    {"split_by(s, '[b]', 0)", "'a'"},
    {"split_by(s, '[b]', 1)", "'c'"},
    {"split_by(s, '[b]', 2)", "null"},
    {"split_by(s, '[b]', -1)", "'c'"},
    {"split_by(s, '[b]', -2)", "'a'"},
    {"split_by(s, '[b]', -3)", "null"},
    {"split_by(s, 'x*', 0)", "'abc'"},
    {"split_by(s, 'x*', 1)", "null"},
    {"split_by(s, 'b|$', 1)", "'c'"},
    {"split_by(s, 'c', 1)", "''"},
    {"split_by(e, 'c', 0)", "''"},
    {"split_by(e, 'c', -1)", "''"},
    {"number(split_by(when, '[-T:Z]', 3)) + 0", "13"},

    /* Arrays and objects. */
    {"contains(o, 'a')", "true"},
    {"contains(o, 5)", "true"},
    {"contains(o, 'b')", "false"},
    {"contains(o.a, 1)", "true"},
    {"contains(o.a, '1.0')", "true"},
    {"contains(o.a, 'x')", "false"},
    {"contains(nothing, 'x')", "null"},
    {"contains(z, 'x')", "null"},
    {"contains(e, 'x')", "false"},
    {"contains('', '')", "true"},
    {"contains(json('[null, \"\"]'), '')", "true"},
    {"contains(json('[null]'), '')", "false"},
    {"contains(json('[\"a\\\\u0062\"]'), 'ab')", "true"},
    {"contains(json('[[1]]'), json('[1]'))", "true"},
    {"contains(1 < 2, 'x')", NULL},
    {"get(o, 'a[1].b')", "'x'"},
    {"get(o, 'a[-1]')", "{\"b\":\"x\"}"},
    {"get(o, 'a[2]')", "absent"},
    {"get(o, '`5`') + 1", "7"},
    {"get(o, concat('a[', 0, ']'))", "1"},
    {"get(o, '')", "{\"a\":[1,{\"b\":\"x\"}],\"5\":6}"},
    {"get(o, '[')", NULL},
    {"get(s, 'a')",
     "!s is not an array or object; json(x) reads text: \"abc\""},
    {"get(nothing, 'a')", "null"},
    {"get(e, 'a')", "null"},
    {"get(json('{\"a\":\"\\\\u00e9\"}'), 'a')", "'\xc3\xa9'"},
    {"keys(o)", "[\"a\",\"5\"]"},
    {"keys(json('{}'))", "[]"},
    {"keys(json('{\"a\\\\n\":1}'))", "[\"a\\n\"]"},
    {"keys(o.a)",
     "!o.a is an array, which has no names: \"[1,{\"b\":\"x\"}]\""},
    {"keys(1 < 2)", NULL},
    {"values(o)", "[[1,{\"b\":\"x\"}],6]"},
    {"values(json('[null,true,\"a\\\\tb\",1e3]'))",
     "[null,true,\"a\\tb\",1e3]"},
    {"values(z)", "null"},
    {"count(o)", "2"},
    {"count(o.a) + 1", "3"},
    {"count(json('[ ]'))", "0"},
    {"count(n)", "!n is not an array or object; json(x) reads text: \"05\""},
    {"join(o.a, '; ')", "'1; {\"b\":\"x\"}'"},
    {"join(json('[1,null,\"\\\\u0041\"]'), '-')", "'1--A'"},
    {"join(json('[]'), '-')", "''"},
    {"join(json('{\"a\":1,\"b\":true}'), '')", "'1true'"},
    {"json('5') + 1", "6"},
    {"json(' \"a\\\\u0062\" ')", "'ab'"},
    {"json('true')", "true"},
    {"json('null')", "null"},
    {"json('[1, [2,\\n3]]')", "[1,[2,3]]"},
    {"json('{\"a\" : \"b c\"}').a", NULL},
    {"json(s)", "!s is not JSON: \"abc\""},
    {"json('')", NULL},
    {"json('1 2')", NULL},
    {"json('[1,]')", NULL},
    {"json(nothing)", "null"},
    {"to_json(s)", "'\"abc\"'"},
    {"to_json(n)", "'\"05\"'"},
    {"to_json(d)", "'2.50'"},
    {"to_json(1 / 4)", "'0.25'"},
    {"to_json(t)", "'true'"},
    {"to_json(z)", "'null'"},
    {"to_json(nothing)", "null"},
    {"to_json(o.a)", "'[1,{\"b\":\"x\"}]'"},
    {"to_json('a\"b')", "'\"a\\\"b\"'"},
    {"to_json(time(when))", "'\"2000-10-10T13:55:36Z\"'"},

    /* Parts of addresses of the web. */
    {"url_host('http://example.org')", "'example.org'"},
    {"url_host('HTTPS://u:p@[2001:db8::1]:8443/x')", "'2001:db8::1'"},
    {"url_host('//example.org:80?x')", "'example.org'"},
    {"url_host('ftp://a@b@example.org/')", "'example.org'"},
    {"url_host('/a//b')", "null"},
    {"url_host('mailto:me@example.org')", "null"},
    {"url_host('http:///path')", "''"},
    {"url_host('http://[::1')", "'::1'"},
    {"url_host('')", "null"},
    {"url_path('http://example.org')", "''"},
    {"url_path('http://example.org/a%20b/?c#d')", "'/a%20b/'"},
    {"url_path('/a/b')", "'/a/b'"},
    {"url_path('/a#b?c')", "'/a'"},
    {"url_path('//example.org/a')", "'/a'"},
    {"url_path('192.0.2.1:80/a')", "'192.0.2.1:80/a'"},
    {"url_path('a:b')", "'b'"},
    {"url_path('?a=1')", "''"},
    {"url_query('/p?a=1&b=2&a=3', 'a')", "'1'"},
    {"url_query('/p?a=1&b=2#b=3', 'b')", "'2'"},
    {"url_query('/p?%61=x+y%21', 'a')", "'x y!'"},
    {"url_query('/p?a&b=', 'a')", "''"},
    {"url_query('/p?a&b=', 'b')", "''"},
    {"url_query('/p?a=b=c', 'a')", "'b=c'"},
    {"url_query('/p?a=1', 'b')", "null"},
    {"url_query('/p', 'b')", "null"},
    {"url_query('/p#?b=1', 'b')", "null"},
    {"url_query('/p?', '')", "''"},
    {"url_query(nothing, 'b')", "null"},

    /* Hashes and encodings. */
    {"xxh3('')", "'2d06800538d394c2'"},
    {"xxh3(i) == xxh3('7')", "true"},
    {"sha256('')", "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
                   "7852b855'"},
    {"sha256(nothing)", "null"},
    {"base64('')", "''"},
    {"base64('f')", "'Zg=='"},
    {"base64('fo')", "'Zm8='"},
    {"base64('foo')", "'Zm9v'"},
    {"base64('foob')", "'Zm9vYg=='"},
    {"base64_decode('Zm9vYg==')", "'foob'"},
    {"base64_decode('Zm9vYmE')", "'fooba'"},
    {"base64_decode('-_-_') == base64_decode('+/+/')", "true"},
    {"base64_decode('Zm9vYg=')", NULL},
    {"base64_decode('Zm9v Yg')", NULL},
    {"base64_decode('Zh==')", NULL},
    {"base64_decode('Z')", NULL},
    {"base64_decode('=')", NULL},
    {"base64_decode('')", "''"},
    {"base64_decode(when)", "!when is not base64: \"2000-10-10T13:55:36Z\""},
    {"get(o, s)", "absent"},
    {"get(o, concat('[', s))", "!concat('[', s) is not a path: \"[abc\""},
};

/* Only `is`. */
static int take_value(const struct cosend_record *of, void *context)
{
    struct cosend_item item = {0};

    while (cosend_next_item(of, &item, NULL))
        if (item.name_length == 2 && memcmp(item.name, "is", 2) == 0)
            append(context, item.cell.data, item.cell.length);
    return COSEND_OK;
}

/* Whether a row is right; *refused counts those that are no expression. */
static bool is_right(const struct row *row, size_t *refused)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    char line[512];

    options.input_format = COSEND_FORMAT_JSONL;
    options.record = take_value;
    /* A whole in quotes would be read as what is in them. */
    snprintf(line, sizeof(line),
             strchr("\"'", row->expression[0]) ? "showing (%s)" : "showing %s",
             row->expression);
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    if (!pipeline != !row->value)
        print_error("%s: %s\n", row->expression,
                    pipeline ? "was taken" : error.message);
    *refused += !pipeline;
    if (!pipeline || !row->value) {
        cosend_pipeline_free(pipeline);
        return !pipeline == !row->value;
    }
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    push(pipeline, record);
    finish(pipeline);
    if (strcmp(taken.text, row->value) != 0)
        print_error("%s: %s, not %s\n", row->expression, taken.text,
                    row->value);
    return strcmp(taken.text, row->value) == 0;
}

static void each_row_is_its_value(void **state)
{
    size_t refused = 0, wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        wrong += !is_right(&rows[i], &refused);
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        wrong += !is_right(&edges[i], &refused);
    assert_int_equal(wrong, 0);
    assert_true(refused > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_row_is_its_value)};

    return cosend_register(&showing_filter, NULL) ||
           cmocka_run_group_tests(tests, NULL, NULL);
}
