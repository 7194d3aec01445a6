/* SPDX-License-Identifier: MIT */
#include "help_expressions.h"

#include "cosend.h"

#include <stdio.h>
#include <string.h>

static const char language[] =
    "Expressions compute with the fields of a record. They are checked before "
    "the first one.\n"
    "\n"
    "  status >= 500 && path =~ \"^/api/\" && !contains(agent, \"bot\")\n"
    "  if(ms > 1000, \"slow\", \"fast\")\n"
    "  user.address[0].city ?? \"unknown\"\n"
    "  time(end) - time(start) > 5m\n"
    "\n"
    "Words\n"
    "  host a.b[0]     a field, or a path into one that is JSON; [-1] is the "
    "last\n"
    "                  element; `odd name` in backquotes\n"
    "  5 .5 1e5        numbers, as in data; 250ms 30s 5m 2h 1d 1w 1h30m are "
    "seconds\n"
    "  \"a\" 'a'         text, with JSON's escapes; in a pattern other\n"
    "                  backslashes stay: \"\\d+\"\n"
    "  true false null absent\n"
    "\n"
    "Operators, loosest first\n"
    "  a ?? b          b where a is absent, null or empty\n"
    "  || && !         or, and, not\n"
    "  == != < <= > >= =~ !~   comparisons, patterns; x in [1, 2], not in\n"
    "  + -   * / // %   -x   **\n"
    "\n"
    "Values\n"
    "  Text that is a number counts as one in arithmetic and beside a number, "
    "so\n"
    "  05 is 5; two fields are compared as numbers where both are, else as "
    "text;\n"
    "  beside \"text\" all is text. What is absent, null or empty makes null "
    "in\n"
    "  arithmetic, and is false in a comparison, but for !=. Other text where "
    "a\n"
    "  number is wanted makes the record bad; so does division by zero. "
    "Integers\n"
    "  are exact in 64 bits, and doubles beyond; all numbers are compared "
    "exactly.\n"
    "  7 / 2 is 3.5, 7 // 2 is 3, and -7 % 5 is 3.\n";

static void describe_function(struct csi_cli_text *text,
                              const struct cosend_function *function)
{
    csi_cli_format(text, "  %s(%s)\n", function->name, function->arguments);
    csi_cli_format(text, "      %s\n", function->summary);
    csi_cli_format(text, "      %s is %s\n", function->example,
                   function->result);
}

void csi_cli_help_expressions(struct csi_cli_text *text)
{
    struct cosend_function function;
    const char *group = "";

    csi_cli_format(text, "%s", language);
    for (size_t i = 0; cosend_function_at(i, &function); i++) {
        if (strcmp(group, function.group) != 0)
            csi_cli_format(text, "\nFunctions: %s\n", function.group);
        group = function.group;
        describe_function(text, &function);
    }
}
