/* SPDX-License-Identifier: MIT */
/*
 * Files without a name, for what does not fit in memory: written once from
 * their start to their end, then read as often as asked. They vanish when they
 * are freed, and when the program ends, however it ends.
 */
#ifndef CSI_SPILL_H
#define CSI_SPILL_H

#include "io/io.h"

struct csi_spill;

/*
 * Make a file in a directory; NULL is $TMPDIR, or /tmp where that is not set.
 *
 * Returns NULL, with COSEND_E_OUTPUT and the way out, or COSEND_E_MEMORY, in
 * *error.
 */
struct csi_spill *csi_spill_new(const struct cosend_io *io,
                                const char *directory,
                                struct cosend_error *error);
/* NULL is fine. */
void csi_spill_free(struct csi_spill *spill);

/* Append bytes, and hand the last of them to the system. Both return COSEND_OK,
   COSEND_E_OUTPUT or COSEND_E_MEMORY. */
int csi_spill_write(struct csi_spill *spill, const void *data, size_t length,
                    struct cosend_error *error);
int csi_spill_end(struct csi_spill *spill, struct cosend_error *error);

/* One walk over a file that was ended. All zero, but for the file and how many
   bytes are read at a time, is one at the start. */
struct csi_spill_reader {
    struct csi_spill *spill;
    size_t step;
    unsigned char *buffer;
    size_t capacity, start, length; /* what is in it, not yet taken */
    uint64_t offset;                /* of what is read next */
};

/*
 * The next `length` bytes, which stay to be taken: *data, good until the next
 * call; NULL at the end of the file.
 *
 * Returns COSEND_OK; COSEND_E_INPUT, also where the file ends within them; or
 * COSEND_E_MEMORY.
 */
int csi_spill_peek(struct csi_spill_reader *reader, size_t length,
                   const unsigned char **data, struct cosend_error *error);
/* Take so many of the bytes that were peeked at. */
static inline void csi_spill_take(struct csi_spill_reader *reader,
                                  size_t length)
{
    reader->start += length;
    reader->length -= length;
}
void csi_spill_reader_free(struct csi_spill_reader *reader);

#endif
