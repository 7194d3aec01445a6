/* SPDX-License-Identifier: MIT */
#include "expression/functions.h"

#include "expression/functions_code.h"
#include "expression/functions_nested.h"
#include "expression/functions_net.h"
#include "expression/functions_number.h"
#include "expression/functions_pattern.h"
#include "expression/functions_text.h"
#include "expression/functions_time.h"

#include <stdio.h>
#include <string.h>

/* ---- Presence ------------------------------------------------------------ */

static struct cosend_value apply_exists(struct csi_call *call)
{
    return csi_bool_value(call->arguments[0].type != COSEND_TYPE_ABSENT);
}

static struct cosend_value apply_empty(struct csi_call *call)
{
    return csi_bool_value(csi_value_is_blank(&call->arguments[0]));
}

static struct cosend_value apply_is_number(struct csi_call *call)
{
    struct cosend_value number = csi_number_value(&call->arguments[0]);

    return csi_bool_value(cosend_is_number(&number));
}

static struct cosend_value apply_is_text(struct csi_call *call)
{
    struct cosend_value number = csi_number_value(&call->arguments[0]);

    return csi_bool_value(number.type == COSEND_TYPE_TEXT && number.length);
}

static const struct csi_function presence[] = {
    {{"exists", "x", "presence", "Whether the record has the field",
      "exists(null)", "true"},
     "a",
     1,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_exists},
    {{"empty", "x", "presence",
      "Whether it is absent, null or text of no "
      "characters",
      "empty(\"\")", "true"},
     "a",
     1,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_empty},
    {{"is_number", "x", "presence",
      "Whether it is a number, or text that is one", "is_number(\"1e5\")",
      "true"},
     "a",
     1,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_is_number},
    {{"is_text", "x", "presence",
      "Whether it is text, not empty, that is no number", "is_text(\"1e5\")",
      "false"},
     "a",
     1,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_is_text},
    {{"if", "condition, a, b", "presence",
      "a where the condition is true, else b; the other is not computed",
      "if(2 > 1, \"more\", \"less\")", "more"},
     "baa",
     3,
     false,
     CSI_TERM_ANY,
     CSI_TERM_IF,
     NULL},
    {{"coalesce", "a, b, ...", "presence",
      "The first that is neither absent, null nor empty",
      "coalesce(null, \"\", 3)", "3"},
     "a",
     1,
     true,
     CSI_TERM_ANY,
     CSI_TERM_ELSE,
     NULL},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};

/* ---- The table ----------------------------------------------------------- */

const struct csi_function *csi_function_nth(size_t i)
{
    const struct csi_function *const tables[] = {
        presence,           csi_functions_number,
        csi_functions_text, csi_functions_pattern,
        csi_functions_time, csi_functions_nested,
        csi_functions_net,  csi_functions_code};

    for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++)
        for (const struct csi_function *row = tables[k]; row->shown.name; row++)
            if (!i--)
                return row;
    return NULL;
}

const struct csi_function *csi_function_find(const char *name, size_t length)
{
    const struct csi_function *row;

    for (size_t i = 0; (row = csi_function_nth(i)); i++)
        if (strlen(row->shown.name) == length &&
            memcmp(row->shown.name, name, length) == 0)
            return row;
    return NULL;
}

char csi_function_letter(const struct csi_function *function, uint32_t i)
{
    size_t last = strlen(function->takes);

    return function->takes[i < last ? i : last - 1];
}

static const char *function_name(const void *list, size_t i)
{
    (void)list;
    return csi_function_nth(i)->shown.name;
}

/* What awk, Miller, jq, SQL, Splunk and Python call what a function does. */
static const char *const peers[][2] = {
    {" strlen len char_length ", "length"},
    {" toupper ucase upcase ascii_upcase ", "upper"},
    {" tolower lcase downcase ascii_downcase ", "lower"},
    {" capitalize initcap ", "title"},
    {" sub gsub regex_replace regexp_replace re_sub ", "replace_all"},
    {" ssub strreplace ", "replace"},
    {" regextract regex_extract regexp_extract capture any_match ", "extract"},
    {" test ismatch regex_match regexp_like re_match ", "match"},
    {" strmatch rlike ", "match"},
    {" substring substr0 substr1 mid slice ", "substr"},
    {" splitax splitnv split_part ", "split"},
    {" strrev ", "reverse"},
    {" strip lstrip rstrip clean_whitespace ", "trim"},
    {" lpad rpad ljust rjust leftpad rightpad ", "pad"},
    {" strcat concat_ws ", "concat"},
    {" startswith startsWith has_prefix ", "starts_with"},
    {" endswith endsWith has_suffix ", "ends_with"},
    {" strptime parse_time to_time to_timestamp todatetime gmt2sec ", "time"},
    {" strftime date_format to_char sec2gmt sec2date todate ", "format_time"},
    {" systime current_timestamp getdate ", "now"},
    {" mktime unix_timestamp to_unixtime ", "epoch"},
    {" date_trunc time_bucket ", "bucket"},
    {" dayofweek day_of_week ", "weekday"},
    {" ifelse iif iff case ", "if"},
    {" ifnull nvl default ", "coalesce"},
    {" isnull is_null isempty is_empty is_blank ", "empty"},
    {" has is_present isset defined isnotnull is_not_null ", "exists"},
    {" isnum isnumeric is_numeric ", "is_number"},
    {" tonumber to_number float double parsefloat ", "number"},
    {" toint to_int parseint trunc truncate ", "int"},
    {" tostring to_string str string ", "text"},
    {" ceiling ", "ceil"},
    {" power ", "pow"},
    {" ln ", "log"},
    {" sgn ", "sign"},
    {" greatest ", "max"},
    {" least ", "min"},
    {" fromjson json_decode parse_json json_parse ", "json"},
    {" tojson json_encode ", "to_json"},
    {" cidrmatch cidr_match in_cidr ", "ip_in"},
    {" urldecode ", "url_decode"},
    {" b64encode btoa to_base64 ", "base64"},
    {" b64decode atob from_base64 ", "base64_decode"}};

static const char *name_here(const char *name)
{
    char word[64];

    snprintf(word, sizeof(word), " %.60s ", name);
    for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++)
        if (strstr(peers[i][0], word))
            return peers[i][1];
    return NULL;
}

const char *csi_function_suggest(const char *name)
{
    const char *here = name_here(name);
    size_t count = 0;

    if (here)
        return here;
    while (csi_function_nth(count))
        count++;
    return cosend_suggest(name, count, function_name, NULL);
}

const char *csi_function_probe(const struct csi_function *function)
{
    static const char *const probes[][2] = {
        {"ip_in", "0.0.0.0"}, {"split", "x"}, {"pad", "x"},
        {"repeat", "x"},      {"bucket", ""}, {"round", "0.5"},
        {"replace", "x"}};

    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
        if (strcmp(function->shown.name, probes[i][0]) == 0)
            return probes[i][1];
    return NULL;
}

bool cosend_function_at(size_t i, struct cosend_function *function)
{
    const struct csi_function *row = csi_function_nth(i);

    if (row)
        *function = row->shown;
    return row;
}
