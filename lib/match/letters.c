/* SPDX-License-Identifier: MIT */
/* PCRE2 is asked, character by character, so that a word ends where its own \b
   has it end. ASCII is answered without it. */
#include "match/letters.h"

#include "base/utf8.h"
#include "match/scratch.h"

struct csi_letters {
    pcre2_code *code;
};

struct csi_letters *csi_letters_new(void)
{
    struct csi_letters *letters = csi_calloc(1, sizeof(*letters));
    pcre2_general_context *general = csi_scratch_general();
    pcre2_compile_context *context =
        general ? pcre2_compile_context_create(general) : NULL;
    size_t offset;
    int error;

    if (letters && context)
        letters->code = pcre2_compile((PCRE2_SPTR) "\\w", 2,
                                      PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED,
                                      &error, &offset, context);
    pcre2_compile_context_free(context);
    pcre2_general_context_free(general);
    if (letters && letters->code)
        return letters;
    csi_letters_free(letters);
    return NULL;
}

void csi_letters_free(struct csi_letters *letters)
{
    if (!letters)
        return;
    pcre2_code_free(letters->code);
    csi_free(letters);
}

/* Without memory for the scratch a byte beyond ASCII is no letter. */
static bool is_letter(const struct csi_letters *letters, const char *p,
                      int size)
{
    struct csi_scratch *scratch = csi_scratch_get(1);

    return scratch && pcre2_match(letters->code, (PCRE2_SPTR)p, (size_t)size, 0,
                                  PCRE2_NO_UTF_CHECK, scratch->data, NULL) > 0;
}

bool csi_letters_behind(const struct csi_letters *letters, const char *p,
                        const char *end)
{
    int size = csi_utf8_character(p, end);

    return size > 0 && is_letter(letters, p, size);
}

bool csi_letters_before(const struct csi_letters *letters, const char *text,
                        const char *p)
{
    const char *start = p - 1;

    while (start > text && p - start < 4 &&
           ((unsigned char)*start & 0xc0) == 0x80)
        start--;
    return csi_utf8_character(start, p) == p - start &&
           is_letter(letters, start, (int)(p - start));
}
