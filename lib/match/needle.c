/* SPDX-License-Identifier: MIT */
/*
 * A string is in many lines where a pattern goes on with letters that few of
 * them have there, as /tags/[a-f] does. To look at one byte more is cheaper
 * than to ask PCRE2.
 */
#include "match/needle.h"

#include "match/bytes.h"

enum {
    TOO_SHORT = 2,     /* in every other line: no help in finding one */
    MOST_FOLDED = 32,  /* of a string whose case is ignored: the search takes
                          time by its length */
    MOST_FOLLOWED = 64 /* of one that is looked for again and again: that takes
                          time by its length, too, at worst */
};

static void fold(struct csi_required *string)
{
    for (size_t i = 0; i < string->length; i++)
        string->text[i] = csi_small(string->text[i]);
    if (string->length > MOST_FOLDED) {
        string->length = MOST_FOLDED;
        string->is_followed = false;
    }
    csi_set_fold(&string->next);
}

bool csi_needle_init(struct csi_needle *needle, struct csi_required string,
                     bool ignore_case)
{
    if (ignore_case)
        fold(&string);
    if (string.length <= TOO_SHORT)
        return false;
    csi_substring_init(&needle->string, string.text, string.length,
                       ignore_case);
    needle->is_followed = string.is_followed && string.length <= MOST_FOLLOWED;
    needle->next = string.next;
    return true;
}

const char *csi_needle_find(const struct csi_needle *needle, const char *text,
                            const char *end)
{
    const char *at = csi_substring_find(&needle->string, text, end);

    while (at && !csi_needle_fits(needle, at, end))
        at = csi_substring_find(&needle->string, at + 1, end);
    return at;
}
