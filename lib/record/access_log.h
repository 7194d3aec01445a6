/* SPDX-License-Identifier: MIT */
/* Access logs inside: kinds of fields, and what both ways to cut share. */
#ifndef CSI_ACCESS_LOG_H
#define CSI_ACCESS_LOG_H

#include "cosend/access_log.h"

#include <string.h>

/* What a field is, which says where it ends. */
enum csi_log_kind {
    CSI_LOG_WORD,    /* up to a space, not empty */
    CSI_LOG_HOST,    /* a word that does not go on in a list, as of addresses */
    CSI_LOG_NAMED,   /* a host, and not "-" */
    CSI_LOG_USER,    /* up to " [": may hold spaces, or be empty */
    CSI_LOG_TIME,    /* in brackets */
    CSI_LOG_QUOTED,  /* in quotes, its escapes as they are */
    CSI_LOG_STATUS,  /* three digits, or "-", which becomes empty */
    CSI_LOG_NUMBER,  /* digits, or "-", which becomes empty */
    CSI_LOG_REST,    /* what is left behind a space, its quotes paired; or
                        nothing */
    CSI_LOG_TAIL,    /* up to a space, or the end of the line; not empty, no
                        quote */
    CSI_LOG_ADDRESS, /* a word, but the last colon in it and what follows */
    CSI_LOG_PORT,    /* a number, and a slash or "-" follow */
    CSI_LOG_COLON,   /* up to a colon that is none of an address of IPv6 */
    /* What follows has the byte `ends`, and may be empty: */
    CSI_LOG_SITE,   /* up to a slash before `ends`; or "-" is there, for it */
    CSI_LOG_VALUE,  /* up to a space; a list, "a, b" or "a : b", goes on */
    CSI_LOG_UPTO,   /* up to `ends` */
    CSI_LOG_INSIDE, /* the same, where no quote ends before that is not escaped
                     */
    CSI_LOG_CLOSED, /* up to a quote that is not escaped; without `ends`, if it
                       is one */
    CSI_LOG_TIMED,  /* up to `ends` behind `passes` runs of it */
    CSI_LOG_LAST    /* to the end of the line; without `ends`, if it is one */
};

/* What a column is of its field. */
enum csi_log_piece {
    CSI_PIECE_ALL,
    CSI_PIECE_METHOD, /* of a request */
    CSI_PIECE_PATH,
    CSI_PIECE_PROTOCOL
};

/* Rows of forms. */
#define CSI_LOG_ENDS(name, kind, before, ends)                                 \
    {                                                                          \
        name, CSI_LOG_##kind, before, ends, 0, false                           \
    }
#define CSI_LOG_FIELD(name, kind, before) CSI_LOG_ENDS(name, kind, before, 0)
#define CSI_LOG_REQUEST(before)                                                \
    {                                                                          \
        "request", CSI_LOG_QUOTED, before, 0, 0, true                          \
    }

/* How many digits eight bytes begin with. */
static inline uint32_t csi_leading_digits(const char *text)
{
    uint64_t bytes, others;

    memcpy(&bytes, text, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    bytes ^= UINT64_C(0x3030303030303030);
    /* What is carried comes from a byte that is no digit, into those above. */
    others = ((bytes + UINT64_C(0x7676767676767676)) | bytes) &
             UINT64_C(0x8080808080808080);
    return others ? (uint32_t)__builtin_ctzll(others) / 8 : 8;
}

/* Of an uneven number of backslashes, from `start` on, the last escapes. */
static inline bool csi_is_escaped(const char *text, size_t quote, size_t start)
{
    size_t at = quote;

    while (at > start && text[at - 1] == '\\')
        at--;
    return (quote - at) & 1;
}

#endif
