/* SPDX-License-Identifier: MIT */
/*
 * zlib and libzstd behind one function. Both are given compressed bytes and
 * room, and say how many they used and made; `enum answer` is what both say.
 *
 *     csi_unpack_fed --> data[at .. length) --> csi_unpack_read
 *
 * A file may be several members (gzip) or frames (zstd), one behind another;
 * they are one input. Behind a member comes another one, or the end, or, for
 * gzip, zeros up to the end, as tapes are padded. Anything else is an error and
 * not the end of the input: it would be lost in silence.
 *
 * What was unpacked before damage is handed out first; the error comes with the
 * next call. An input that grows beyond all reason is refused (BOMB_RATIO).
 */
#include "io/unpack.h"

#include "base/base.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

/*
 * A bomb: more than BOMB_LEAST bytes were made, and more than BOMB_RATIO of
 * each that was used. deflate cannot make more than 1032 of one.
 */
#define BOMB_LEAST (UINT64_C(64) << 20)
#define BOMB_RATIO 1100

/* The answers of both libraries: more is to be made of this member, it is
   over, or what went wrong. */
enum answer { GOES_ON, IS_OVER, DAMAGED, WINDOW, MEMORY };

struct csi_unpack {
    enum csi_packed kind;
    const char *name;
    z_stream gzip;
    ZSTD_DStream *zstd;
    size_t at, length;  /* of the compressed bytes in hand */
    uint64_t in, out;   /* bytes used up, and made */
    bool begun;         /* a member is begun, and not over */
    bool members;       /* one is over */
    bool padded;        /* zeros followed it */
    bool full;          /* the last buffer was: there may be more within */
    bool ended;         /* no more compressed bytes come */
    enum answer failed; /* ... and why, or 0 */
    unsigned char data[CSI_UNPACK_ROOM];
};

static void *allocate_for_zlib(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return csi_malloc((size_t)count * size);
}

static void release_for_zlib(void *unused, void *memory)
{
    (void)unused;
    csi_free(memory);
}

static bool open_decoder(struct csi_unpack *unpack)
{
    enum { ANY_WINDOW = 15, GZIP = 16 };

    if (unpack->kind == CSI_PACKED_ZSTD) {
        unpack->zstd = ZSTD_createDStream();
        return unpack->zstd != NULL;
    }
    unpack->gzip.zalloc = allocate_for_zlib;
    unpack->gzip.zfree = release_for_zlib;
    return inflateInit2(&unpack->gzip, ANY_WINDOW + GZIP) == Z_OK;
}

struct csi_unpack *csi_unpack_new(enum csi_packed kind, const char *name,
                                  struct cosend_error *error)
{
    struct csi_unpack *unpack = csi_calloc(1, sizeof(*unpack));

    if (unpack) {
        unpack->kind = kind;
        unpack->name = name;
        if (open_decoder(unpack))
            return unpack;
        csi_free(unpack);
    }
    csi_no_memory(error);
    return NULL;
}

void csi_unpack_free(struct csi_unpack *unpack)
{
    if (!unpack)
        return;
    if (unpack->kind == CSI_PACKED_ZSTD)
        ZSTD_freeDStream(unpack->zstd);
    else
        inflateEnd(&unpack->gzip);
    csi_free(unpack);
}

void *csi_unpack_room(struct csi_unpack *unpack, size_t *room)
{
    *room = unpack->at < unpack->length || unpack->ended ? 0 : CSI_UNPACK_ROOM;
    return unpack->data;
}

void csi_unpack_fed(struct csi_unpack *unpack, size_t length)
{
    unpack->at = 0;
    unpack->length = length;
    unpack->ended = length == 0;
}

bool csi_unpack_pending(const struct csi_unpack *unpack)
{
    return unpack->full || unpack->at < unpack->length || unpack->ended;
}

/* ---- What is wrong ------------------------------------------------------- */

static int fail_unpack(const struct csi_unpack *unpack,
                       struct cosend_error *error, const char *what)
{
    return cosend_error_set(error, COSEND_E_INPUT,
                            "%s: the %s data %s at byte %llu", unpack->name,
                            unpack->kind == CSI_PACKED_GZIP ? "gzip" : "zstd",
                            what, (unsigned long long)unpack->in);
}

static int bomb(const struct csi_unpack *unpack, struct cosend_error *error)
{
    return cosend_error_set(
        error, COSEND_E_INPUT,
        "%s: %llu compressed bytes became %llu; if that is meant, unpack "
        "it yourself: %s %s | cosend ...",
        unpack->name, (unsigned long long)unpack->in,
        (unsigned long long)unpack->out,
        unpack->kind == CSI_PACKED_GZIP ? "zcat" : "zstdcat", unpack->name);
}

/* ---- Unpacking ----------------------------------------------------------- */

static enum answer inflate_some(struct csi_unpack *unpack, void *buffer,
                                size_t capacity, size_t *used, size_t *made)
{
    z_stream *stream = &unpack->gzip;
    int answer;

    stream->next_in = unpack->data + unpack->at;
    stream->avail_in = (unsigned)(unpack->length - unpack->at);
    stream->next_out = buffer;
    stream->avail_out = capacity < 1U << 30 ? (unsigned)capacity : 1U << 30;
    capacity = stream->avail_out;
    answer = inflate(stream, Z_NO_FLUSH);
    *used = unpack->length - unpack->at - stream->avail_in;
    *made = capacity - stream->avail_out;
    switch (answer) {
    case Z_OK:
    case Z_BUF_ERROR:
        return GOES_ON;
    case Z_STREAM_END:
        return inflateReset(stream) == Z_OK ? IS_OVER : MEMORY;
    case Z_MEM_ERROR:
        return MEMORY;
    default:
        return DAMAGED;
    }
}

static enum answer zstd_some(struct csi_unpack *unpack, void *buffer,
                             size_t capacity, size_t *used, size_t *made)
{
    ZSTD_inBuffer in = {unpack->data + unpack->at, unpack->length - unpack->at,
                        0};
    ZSTD_outBuffer out = {buffer, capacity, 0};
    size_t answer = ZSTD_decompressStream(unpack->zstd, &out, &in);

    *used = in.pos;
    *made = out.pos;
    if (!ZSTD_isError(answer))
        return answer ? GOES_ON : IS_OVER;
    /* libzstd tells its kinds of errors by name only, in its stable part. */
    if (strstr(ZSTD_getErrorName(answer), "memory") &&
        strstr(ZSTD_getErrorName(answer), "too much"))
        return WINDOW;
    if (strstr(ZSTD_getErrorName(answer), "not enough memory"))
        return MEMORY;
    return DAMAGED;
}

/* Between two members: zeros may follow the last, as tape blocks are filled. */
static int between(struct csi_unpack *unpack, struct cosend_error *error)
{
    enum csi_packed packed;

    while (unpack->kind == CSI_PACKED_GZIP && unpack->members &&
           unpack->at < unpack->length && !unpack->data[unpack->at]) {
        unpack->padded = true;
        unpack->at++;
        unpack->in++;
    }
    if (unpack->at == unpack->length)
        return unpack->ended ? COSEND_DONE : COSEND_OK;
    packed =
        csi_magic_of(unpack->data + unpack->at, unpack->length - unpack->at);
    if (unpack->members && (unpack->padded || (packed != unpack->kind &&
                                               packed != CSI_PACKED_UNKNOWN)))
        return fail_unpack(unpack, error,
                           "is over, and something else follows it,");
    unpack->begun = true;
    return COSEND_OK;
}

static int status_of_answer(struct csi_unpack *unpack, enum answer answer,
                            struct cosend_error *error)
{
    switch (answer) {
    case DAMAGED:
        return fail_unpack(unpack, error, "is damaged");
    case WINDOW:
        return cosend_error_set(
            error, COSEND_E_INPUT,
            "%s: it needs more than 128 MiB to be unpacked; unpack it "
            "yourself: zstdcat --long=31 %s | cosend ...",
            unpack->name, unpack->name);
    case MEMORY:
        return csi_no_memory(error);
    case IS_OVER:
        unpack->begun = false;
        unpack->members = true;
        break;
    case GOES_ON:
        break;
    }
    if (unpack->out > BOMB_LEAST && unpack->out / BOMB_RATIO > unpack->in)
        return bomb(unpack, error);
    return COSEND_OK;
}

int csi_unpack_read(struct csi_unpack *unpack, void *buffer, size_t capacity,
                    size_t *length, struct cosend_error *error)
{
    *length = 0;
    while (!*length) {
        size_t used, made;
        enum answer answer;
        int status = unpack->begun ? COSEND_OK : between(unpack, error);

        if (unpack->failed)
            return status_of_answer(unpack, unpack->failed, error);
        if (status != COSEND_OK || !unpack->begun)
            return status;
        if (unpack->at == unpack->length && !unpack->full)
            return unpack->ended ? fail_unpack(unpack, error, "ends too early,")
                                 : COSEND_OK;
        answer = unpack->kind == CSI_PACKED_GZIP
                     ? inflate_some(unpack, buffer, capacity, &used, &made)
                     : zstd_some(unpack, buffer, capacity, &used, &made);
        unpack->at += used;
        unpack->in += used;
        unpack->out += made;
        unpack->full = made == capacity && answer == GOES_ON;
        *length = made;
        if (answer > IS_OVER)
            unpack->failed = answer;
        /* What was made before the damage is data; the error comes next. */
        if (answer > IS_OVER && made)
            return COSEND_OK;
        status = status_of_answer(unpack, answer, error);
        if (status != COSEND_OK)
            return status;
    }
    return COSEND_OK;
}
