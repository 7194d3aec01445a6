/* SPDX-License-Identifier: MIT */
/*
 * The answers of zlib and libzstd, brought to one: is there more to be had?
 * deflate says so by a full output buffer, and at the end by Z_STREAM_END;
 * ZSTD_compressStream2 by how much it still holds. Both keep their own state,
 * so memory does not grow with what is written. Levels are the libraries'
 * default.
 */
#include "io/pack.h"

#include "base/base.h"

#include <zlib.h>
#include <zstd.h>

struct csi_pack {
    enum csi_packed kind;
    z_stream gzip;
    ZSTD_CStream *zstd;
};

static void *allocate_bytes(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return csi_malloc((size_t)count * size);
}

static void release_bytes(void *unused, void *memory)
{
    (void)unused;
    csi_free(memory);
}

static bool begin_gzip(struct csi_pack *pack)
{
    enum { WINDOW = 15, GZIP = 16, LEVEL = 6, MEMORY = 8 };

    pack->gzip.zalloc = allocate_bytes;
    pack->gzip.zfree = release_bytes;
    return deflateInit2(&pack->gzip, LEVEL, Z_DEFLATED, WINDOW + GZIP, MEMORY,
                        Z_DEFAULT_STRATEGY) == Z_OK;
}

static bool begin_zstd(struct csi_pack *pack)
{
    pack->zstd = ZSTD_createCStream();
    return pack->zstd && !ZSTD_isError(ZSTD_CCtx_setParameter(
                             pack->zstd, ZSTD_c_checksumFlag, 1));
}

struct csi_pack *csi_pack_new(enum csi_packed kind)
{
    struct csi_pack *pack = csi_calloc(1, sizeof(*pack));

    if (!pack)
        return NULL;
    pack->kind = kind;
    if (kind == CSI_PACKED_ZSTD ? begin_zstd(pack) : begin_gzip(pack))
        return pack;
    csi_pack_free(pack);
    return NULL;
}

void csi_pack_free(struct csi_pack *pack)
{
    if (!pack)
        return;
    if (pack->kind == CSI_PACKED_ZSTD)
        ZSTD_freeCStream(pack->zstd);
    else
        deflateEnd(&pack->gzip);
    csi_free(pack);
}

static int deflate_some(z_stream *stream, const char **data, size_t *length,
                        enum csi_pack_until until, void *to, size_t capacity,
                        size_t *made)
{
    static const int flushes[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH};
    unsigned in = *length < 1U << 30 ? (unsigned)*length : 1U << 30;
    int answer;

    stream->next_in = (z_const Bytef *)(uintptr_t)*data;
    stream->avail_in = in;
    stream->next_out = to;
    stream->avail_out = (unsigned)capacity;
    answer = deflate(stream, in < *length ? Z_NO_FLUSH : flushes[until]);
    *made = capacity - stream->avail_out;
    in -= stream->avail_in;
    *data += in;
    *length -= in;
    if (answer == Z_STREAM_ERROR)
        return -1;
    if (until == CSI_PACK_END)
        return answer != Z_STREAM_END;
    return *length || !stream->avail_out;
}

static int zstd_some(ZSTD_CStream *stream, const char **data, size_t *length,
                     enum csi_pack_until until, void *to, size_t capacity,
                     size_t *made)
{
    static const ZSTD_EndDirective ends[] = {ZSTD_e_continue, ZSTD_e_flush,
                                             ZSTD_e_end};
    ZSTD_inBuffer in = {*data, *length, 0};
    ZSTD_outBuffer out = {to, capacity, 0};
    size_t left = ZSTD_compressStream2(stream, &out, &in, ends[until]);

    *made = out.pos;
    *data += in.pos;
    *length -= in.pos;
    if (ZSTD_isError(left))
        return -1;
    return until == CSI_PACK_GO_ON ? *length > 0 : left > 0;
}

int csi_pack_some(struct csi_pack *pack, const char **data, size_t *length,
                  enum csi_pack_until until, void *to, size_t capacity,
                  size_t *made)
{
    if (pack->kind == CSI_PACKED_ZSTD)
        return zstd_some(pack->zstd, data, length, until, to, capacity, made);
    return deflate_some(&pack->gzip, data, length, until, to, capacity, made);
}
