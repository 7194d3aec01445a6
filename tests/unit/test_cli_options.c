/* SPDX-License-Identifier: MIT */
/* Taking a command line apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../cli/options.h"
#include "../../cli/spec.h"
#include "../../cli/status.h"

enum { MOST = 16 };

static struct csi_cli_command command;
static char told[1024]; /* what the last parse printed on standard error */

/* Parse words split at '|'. */
static int parse(const char *line)
{
    static char words[256];
    char *argv[MOST] = {words};
    int argc = 1, saved = dup(STDERR_FILENO);
    int capture = memfd_create("stderr", 0), status;
    ssize_t length;
    char *rest = words;

    csi_cli_command_free(&command);
    snprintf(words, sizeof(words), "%s", line);
    for (char *word; argc < MOST && (word = strsep(&rest, "|"));)
        argv[argc++] = word;
    dup2(capture, STDERR_FILENO);
    status = csi_cli_parse(&command, argc, argv);
    if (status == CSI_CLI_DONE && command.operand_count &&
        !csi_cli_allowed(&command,
                         strcmp(command.operands[0], "list") ? CSI_CLI_RUN
                                                             : CSI_CLI_ELSE,
                         command.operands[0]))
        status = CSI_CLI_USAGE;
    dup2(saved, STDERR_FILENO);
    length = pread(capture, told, sizeof(told) - 1, 0);
    told[length > 0 ? length : 0] = '\0';
    close(capture);
    close(saved);
    return status;
}

static int forget(void **state)
{
    (void)state;
    csi_cli_command_free(&command);
    return 0;
}

static void options_may_follow_file_names(void **state)
{
    (void)state;
    assert_int_equal(parse("grep x|a.log|--follow|b.log|-t|csv"), 0);
    assert_int_equal(command.operand_count, 3);
    assert_string_equal(command.operands[2], "b.log");
    assert_true(command.options.follow);
    assert_int_equal(command.options.output_format, COSEND_FORMAT_CSV);
}

static void options_may_come_before_the_pipeline(void **state)
{
    (void)state;
    assert_int_equal(parse("-f|csv|head"), 0);
    assert_string_equal(command.operands[0], "head");
    assert_int_equal(command.options.input_format, COSEND_FORMAT_CSV);
}

static void a_value_may_be_attached_or_apart(void **state)
{
    static const char *const lines[] = {"-tjsonl|x", "-t|jsonl|x",
                                        "--to=jsonl|x", "--to|jsonl|x",
                                        "--to|ndjson|x"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(parse(lines[i]), 0);
        assert_int_equal(command.options.output_format, COSEND_FORMAT_JSONL);
        assert_int_equal(command.operand_count, 1);
    }
}

static void an_optional_value_is_the_next_word_if_it_is_one(void **state)
{
    (void)state;
    assert_int_equal(parse("x|--stats|jsonl"), 0);
    assert_int_equal(command.stats, CSI_CLI_TABLE);
    assert_int_equal(command.operand_count, 2);
    assert_int_equal(parse("x|--stats|./json"), 0);
    assert_int_equal(command.stats, CSI_CLI_TABLE);
    assert_int_equal(command.operand_count, 2);
    assert_int_equal(parse("x|--stats|json"), 0);
    assert_int_equal(command.stats, CSI_CLI_JSON);
    assert_int_equal(command.operand_count, 1);
    assert_int_equal(parse("x|--stats=json"), 0);
    assert_int_equal(command.stats, CSI_CLI_JSON);
}

static void everything_after_two_dashes_is_an_operand(void **state)
{
    (void)state;
    assert_int_equal(parse("x|--|--follow|-t"), 0);
    assert_int_equal(command.operand_count, 3);
    assert_string_equal(command.operands[1], "--follow");
    assert_false(command.options.follow);
}

static void one_dash_is_a_file(void **state)
{
    (void)state;
    assert_int_equal(parse("x|-"), 0);
    assert_int_equal(command.operand_count, 2);
    assert_string_equal(command.operands[1], "-");
}

static void a_parameter_is_split_at_its_first_equals_sign(void **state)
{
    (void)state;
    assert_int_equal(parse("x|-p|a=1=2|-pb="), 0);
    assert_int_equal(command.options.parameter_count, 2);
    assert_string_equal(command.options.parameters[0].name, "a");
    assert_string_equal(command.options.parameters[0].value, "1=2");
    assert_string_equal(command.options.parameters[1].name, "b");
    assert_string_equal(command.options.parameters[1].value, "");
}

static void of_a_parameter_given_twice_the_last_value_holds(void **state)
{
    (void)state;
    assert_int_equal(parse("x|-p|ab=1|-p|a=2|-p|ab=3"), 0);
    assert_int_equal(command.options.parameter_count, 2);
    assert_string_equal(command.options.parameters[0].value, "3");
    assert_string_equal(command.options.parameters[1].name, "a");
}

static void every_option_of_a_run_is_taken(void **state)
{
    const struct cosend_options *options = &command.options;

    (void)state;
    assert_int_equal(parse("x|-o|out|-j2|--rejects|r|--on-error|fail|"
                           "--max-errors=0|--batch-size|7|--quiet|--results|"
                           "--errors|json"),
                     0);
    assert_string_equal(options->output_path, "out");
    assert_string_equal(options->rejects_path, "r");
    assert_int_equal(options->on_error, COSEND_ON_ERROR_FAIL);
    assert_true(options->limit_errors);
    assert_int_equal(options->max_errors, 0);
    assert_int_equal(options->batch_size, 7);
    assert_true(options->quiet);
    assert_true(command.results);
    assert_true(command.json_errors);
}

static void what_cannot_be_is_told_with_a_way_out(void **state)
{
    static const char *const cases[][2] = {
        {"x|--stat", "cosend: unknown option --stat; did you mean --stats?\n"},
        {"x|--xyzzy", "cosend: unknown option --xyzzy; see 'cosend --help'\n"},
        {"x|-w", "cosend: unknown option -w; see 'cosend --help'\n"},
        {"x|-t", "cosend: -t needs a value: FORMAT\n"},
        {"x|--quiet=yes", "cosend: --quiet takes no value\n"},
        {"x|-f|cvs",
         "cosend: -f: \"cvs\" will not do; did you mean \"csv\"?\n"},
        {"x|-f|table", "cosend: -f: \"table\" is a format for output only\n"},
        {"x|-p|level", "cosend: -p: \"level\" is not name=value\n"},
        {"x|-p|=1", "cosend: -p: \"=1\" is not name=value\n"},
        {"x|-j|0", "cosend: -j: \"0\" is not a number from 1 to 1024\n"},
        {"x|--max-errors|-1", "cosend: --max-errors: \"-1\" is not a number "
                              "from 0 to 9223372036854775807\n"},
        {"x|--batch-size|99999999999999999999",
         "cosend: --batch-size: \"99999999999999999999\" is not a number from "
         "1 to 1000000\n"},
        {"x|--on-error|skp",
         "cosend: --on-error: \"skp\" will not do; did you mean \"skip\"?\n"},
        {"x|--color|maybe", "cosend: --color: \"maybe\" will not do; there are "
                            "auto, always, never\n"},
        {"list|--follow", "cosend: --follow is not an option of 'list'\n"},
        {"x|--ev\x1b[2Jil",
         "cosend: unknown option --ev\\x1b[2Jil; see 'cosend --help'\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(cases[i][0]), CSI_CLI_USAGE);
        assert_string_equal(told, cases[i][1]);
    }
}

static void every_kind_of_error_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(csi_cli_status_of(COSEND_E_SPEC), 2);
    assert_int_equal(csi_cli_status_of(COSEND_E_USAGE), 2);
    assert_int_equal(csi_cli_status_of(COSEND_E_COLUMN), 2);
    assert_int_equal(csi_cli_status_of(COSEND_E_DATA), 3);
    assert_int_equal(csi_cli_status_of(COSEND_E_INPUT), 4);
    assert_int_equal(csi_cli_status_of(COSEND_E_OUTPUT), 4);
    assert_int_equal(csi_cli_status_of(COSEND_E_MEMORY), 4);
    assert_int_equal(csi_cli_status_of(COSEND_E_LEDGER), 5);
    assert_int_equal(csi_cli_status_of(COSEND_E_USER - 1), 4);
    assert_int_equal(csi_cli_status_of(COSEND_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_follow_file_names),
        cmocka_unit_test(options_may_come_before_the_pipeline),
        cmocka_unit_test(a_value_may_be_attached_or_apart),
        cmocka_unit_test(an_optional_value_is_the_next_word_if_it_is_one),
        cmocka_unit_test(everything_after_two_dashes_is_an_operand),
        cmocka_unit_test(one_dash_is_a_file),
        cmocka_unit_test(a_parameter_is_split_at_its_first_equals_sign),
        cmocka_unit_test(of_a_parameter_given_twice_the_last_value_holds),
        cmocka_unit_test(every_option_of_a_run_is_taken),
        cmocka_unit_test(every_kind_of_error_has_its_status),
        cmocka_unit_test(what_cannot_be_is_told_with_a_way_out),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
