/* SPDX-License-Identifier: MIT */
/* What paths name. */
#include "test_io.h"

#include "io/path.h"

#include <sys/stat.h>

static bool same(const char *a, const char *b)
{
    struct csi_path left = csi_path_of(a), right = csi_path_of(b);
    bool is = csi_path_same(&left, &right);

    assert_int_equal(is, csi_path_same(&right, &left));
    return is;
}

static void test_a_file_has_many_names(void **state)
{
    char absolute[128];

    (void)state;
    spit_text("a", "");
    spit_text("b", "");
    assert_int_equal(mkdir("d", 0777), 0);
    assert_int_equal(symlink("a", "to-a"), 0);
    assert_int_equal(symlink(".", "here"), 0);
    assert_int_equal(link("a", "also-a"), 0);
    snprintf(absolute, sizeof(absolute), "%s/a", test_directory);
    assert_true(same("a", "a"));
    assert_true(same("a", "./a"));
    assert_true(same("a", "d/../a"));
    assert_true(same("a", absolute));
    assert_true(same("a", "to-a"));
    assert_true(same("a", "here/a"));
    assert_true(same("a", "also-a"));
    assert_false(same("a", "b"));
    assert_false(same("a", "new"));
    snprintf(absolute, sizeof(absolute), "%s/new", test_directory);
    assert_true(same("new", "new"));
    assert_true(same("new", ".//new"));
    assert_true(same("new", "d/../new"));
    assert_true(same("new", absolute));
    assert_true(same("new", "here/new"));
    assert_false(same("new", "d/new"));
    assert_false(same("new", "new2"));
    assert_true(same("no/such", "no/such"));
    assert_false(same("no/such", "no/other"));
    assert_false(same("/dev/null", "/dev/null"));
    entries("", true);
}

static void test_a_path_may_be_a_descriptor(void **state)
{
    (void)state;
    assert_int_equal(csi_path_descriptor("/dev/stdin"), 0);
    assert_int_equal(csi_path_descriptor("/dev/stdout"), 1);
    assert_int_equal(csi_path_descriptor("/dev/fd/17"), 17);
    assert_int_equal(csi_path_descriptor("/proc/self/fd/17"), 17);
    assert_int_equal(csi_path_descriptor("/dev/fd/"), -1);
    assert_int_equal(csi_path_descriptor("/dev/fd/x"), -1);
    assert_int_equal(csi_path_descriptor("/dev/fd/1x"), -1);
    assert_int_equal(csi_path_descriptor("/dev/fd/99999999999999"), -1);
    assert_int_equal(csi_path_descriptor("a"), -1);
    assert_true(csi_path_is_stdout("-"));
    assert_true(csi_path_is_stdout("/dev/fd/1"));
    assert_false(csi_path_is_stdout("/dev/fd/2"));
    assert_false(csi_path_is_stdout("./-"));
}

/* The context's own eventfd, say: a record written there would wake it. */
static void test_our_own_descriptors_have_no_path(void **state)
{
    static const char *const folders[] = {"/dev/fd", "/proc/self/fd"};
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cosend_error error = {0};
        struct cosend_output *output;
        struct cosend_input *input;
        char path[64];

        snprintf(path, sizeof(path), "%s/%d", folders[i], io->wake_fd);
        assert_int_equal(
            cosend_output_open(io, path, COSEND_OUTPUT_PLAIN, &output, &error),
            COSEND_E_OUTPUT);
        assert_non_null(strstr(error.message, "Bad file descriptor"));
        assert_int_equal(cosend_input_open(io, path, 0, &input, &error),
                         COSEND_E_INPUT);
        assert_non_null(strstr(error.message, "Bad file descriptor"));
    }
    cosend_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_has_many_names),
        cmocka_unit_test(test_a_path_may_be_a_descriptor),
        cmocka_unit_test(test_our_own_descriptors_have_no_path),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
