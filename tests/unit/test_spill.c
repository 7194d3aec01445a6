/* SPDX-License-Identifier: MIT */
/* Files without a name: what is written comes back, and what the system refuses
   is told with its place. */
#include "io/spill.h"

#include "test_io.h"

static struct csi_io_ops ops;
static struct cosend_io io = {.ops = &ops};
static int refused; /* what a write answers, once nothing is left */
static size_t left;
static unsigned calls;

static int open_with_name(const char *path, int flags, mode_t mode)
{
    if (!(flags & O_CREAT)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return open(path, flags, mode);
}

/* A few bytes at a time, and every other time none. */
static ssize_t write_little(int fd, const void *data, size_t size)
{
    if (calls++ % 2) {
        errno = EINTR;
        return -1;
    }
    if (!left) {
        errno = refused;
        return -1;
    }
    size = size < 1000 ? size : 1000;
    size = size < left ? size : left;
    left -= size;
    return write(fd, data, size);
}

static ssize_t read_little(int fd, void *buffer, size_t size, off_t offset)
{
    if (calls++ % 2) {
        errno = EINTR;
        return -1;
    }
    return pread(fd, buffer, size < 100 ? size : 100, offset);
}

static ssize_t read_nothing(int fd, void *buffer, size_t size, off_t offset)
{
    (void)fd;
    (void)buffer;
    (void)size;
    (void)offset;
    errno = EIO;
    return -1;
}

static int usual(void **state)
{
    (void)state;
    ops = csi_io_system;
    left = SIZE_MAX;
    return 0;
}

/* Numbers, each as many bytes as it says, and what each byte is. */
static size_t piece(unsigned i)
{
    return i * 7919 % 3000;
}

static int write_all_pieces(struct csi_spill *spill, struct cosend_error *error)
{
    static unsigned char bytes[200000];
    int status = COSEND_OK;

    for (unsigned i = 0; i < 200 && status == COSEND_OK; i++) {
        size_t length = i == 150 ? sizeof(bytes) : piece(i);

        memset(bytes, (int)i, length);
        status = csi_spill_write(spill, bytes, length, error);
    }
    return status == COSEND_OK ? csi_spill_end(spill, error) : status;
}

static void read_all_pieces(struct csi_spill *spill, size_t step)
{
    struct csi_spill_reader reader = {.spill = spill, .step = step};
    struct cosend_error error = {0};
    const unsigned char *data;

    for (unsigned i = 0; i < 200; i++) {
        size_t length = i == 150 ? 200000 : piece(i);

        if (!length)
            continue;
        assert_int_equal(csi_spill_peek(&reader, length, &data, &error),
                         COSEND_OK);
        assert_non_null(data);
        for (size_t k = 0; k < length; k++)
            assert_int_equal(data[k], i);
        csi_spill_take(&reader, length);
    }
    assert_int_equal(csi_spill_peek(&reader, 1, &data, &error), COSEND_OK);
    assert_null(data);
    csi_spill_reader_free(&reader);
}

static void there_and_back(void)
{
    struct cosend_error error = {0};
    struct csi_spill *spill = csi_spill_new(&io, test_directory, &error);

    assert_non_null(spill);
    assert_int_equal(entries("", false), 0);
    assert_int_equal(write_all_pieces(spill, &error), COSEND_OK);
    read_all_pieces(spill, 1);
    read_all_pieces(spill, 100000);
    csi_spill_free(spill);
}

static void bytes_come_back(void **state)
{
    (void)state;
    there_and_back();
    ops.write = write_little;
    ops.pread = read_little;
    there_and_back();
}

static void a_name_is_gone_at_once(void **state)
{
    (void)state;
    ops.open = open_with_name;
    there_and_back();
}

static void the_directory_is_named(void **state)
{
    struct cosend_error error = {0};
    struct csi_spill *spill;

    (void)state;
    assert_null(csi_spill_new(&io, "/nowhere", &error));
    assert_int_equal(error.kind, COSEND_E_OUTPUT);
    assert_non_null(strstr(error.message, "in /nowhere: No such file or"));
    memset(&error, 0, sizeof(error));
    spill = csi_spill_new(&io, test_directory, &error);
    ops.write = write_little;
    left = 100000;
    refused = ENOSPC;
    assert_int_equal(write_all_pieces(spill, &error), COSEND_E_OUTPUT);
    assert_non_null(strstr(error.message, test_directory));
    assert_non_null(strstr(error.message, "No space left on device"));
    assert_non_null(strstr(error.message, "make room"));
    csi_spill_free(spill);
}

static void what_cannot_be_read_is_no_end(void **state)
{
    struct cosend_error error = {0};
    struct csi_spill *spill = csi_spill_new(&io, test_directory, &error);
    struct csi_spill_reader reader = {.spill = spill, .step = 100};
    const unsigned char *data;

    (void)state;
    assert_int_equal(write_all_pieces(spill, &error), COSEND_OK);
    ops.pread = read_nothing;
    assert_int_equal(csi_spill_peek(&reader, 1, &data, &error), COSEND_E_INPUT);
    assert_non_null(strstr(error.message, "Input/output error"));
    csi_spill_reader_free(&reader);
    csi_spill_free(spill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(bytes_come_back, usual),
        cmocka_unit_test_setup(a_name_is_gone_at_once, usual),
        cmocka_unit_test_setup(the_directory_is_named, usual),
        cmocka_unit_test_setup(what_cannot_be_read_is_no_end, usual),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
