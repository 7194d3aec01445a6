/* SPDX-License-Identifier: MIT */
/* What is beside a word: a letter, digit or underscore of Unicode, or none. */
#ifndef CSI_LETTERS_H
#define CSI_LETTERS_H

#include "match/bytes.h"

struct csi_letters;

/* NULL without memory; free it with csi_letters_free. */
struct csi_letters *csi_letters_new(void);
void csi_letters_free(struct csi_letters *letters);

/* Whether the character beyond ASCII of text < end that ends at p, or starts at
   p, is one of a word. What is no UTF-8 is none. */
bool csi_letters_before(const struct csi_letters *letters, const char *text,
                        const char *p);
bool csi_letters_behind(const struct csi_letters *letters, const char *p,
                        const char *end);

/* The same for any character, or none; letters NULL: only ASCII has any. */
static inline bool csi_letter_before(const struct csi_letters *letters,
                                     const char *text, const char *p)
{
    if (p == text)
        return false;
    if ((unsigned char)p[-1] < 0x80)
        return csi_is_word(p[-1]);
    return letters && csi_letters_before(letters, text, p);
}

static inline bool csi_letter_behind(const struct csi_letters *letters,
                                     const char *p, const char *end)
{
    if (p == end)
        return false;
    if ((unsigned char)*p < 0x80)
        return csi_is_word(*p);
    return letters && csi_letters_behind(letters, p, end);
}

#endif
