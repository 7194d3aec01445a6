/* SPDX-License-Identifier: MIT */
/* The words of an expression. */
#ifndef CSI_LEXER_H
#define CSI_LEXER_H

#include "base/base.h"

enum csi_token_kind {
    CSI_TOKEN_END,
    CSI_TOKEN_NAME,   /* bare */
    CSI_TOKEN_QUOTED, /* a name in backquotes; text is what they enclose */
    CSI_TOKEN_NUMBER,
    CSI_TOKEN_DURATION, /* 5m */
    CSI_TOKEN_STRING,   /* text is what the quotes enclose, as it stands */
    CSI_TOKEN_SIGN,     /* an operator, a bracket or a comma */
    CSI_TOKEN_WRONG     /* problem says why; at is where */
};

struct csi_token {
    enum csi_token_kind kind;
    uint32_t at, end; /* its bytes, quotes included */
    const char *text;
    uint32_t length;
    char problem[160];
};

/* The text is as a whole from `start` on. */
struct csi_lexer {
    const char *start, *next, *end;
};

/* The next token. Behind the last one, and behind one that is wrong, END or
   that one again. */
void csi_lexer_next(struct csi_lexer *lexer, struct csi_token *token);

/* Whether a token is this sign or, where it is a bare name, this word. */
bool csi_token_is(const struct csi_token *token, const char *word);

/*
 * Take the escapes out of a string: *length becomes what is written to `to`,
 * which has room for as many bytes. In a pattern a backslash that begins no
 * JSON escape stays, and \b is a word's boundary.
 *
 * Returns NULL; or the backslash that begins no escape.
 */
const char *csi_token_decode(const struct csi_token *token, bool is_pattern,
                             char *to, uint32_t *length);

/* What others write behind a value, and what it is here; NULL for what is not
   known. */
const char *csi_token_hint(const struct csi_token *token);

#endif
