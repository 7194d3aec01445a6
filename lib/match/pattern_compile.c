/* SPDX-License-Identifier: MIT */
#include "match/pattern_compile.h"

bool csi_pattern_quote(struct csi_text *quoted, struct csi_string string)
{
    bool ok = true;

    for (size_t i = 0; ok && i < string.length; i++) {
        char c = string.text[i];
        bool plain = (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
                     csi_is_letter(c);

        ok = (plain || csi_text_add(quoted, "\\", 1)) &&
             csi_text_add(quoted, &c, 1);
    }
    return ok;
}

/* The character, from 1, on which the compiler stopped. */
static size_t character_at(struct csi_string pattern, size_t offset)
{
    size_t characters = 0;

    for (size_t i = 0; i < offset && i < pattern.length; i++)
        characters += ((unsigned char)pattern.text[i] & 0xC0) != 0x80;
    return characters ? characters : 1;
}

static void report(struct cosend_error *error, struct csi_string pattern,
                   const struct csi_outcome *outcome)
{
    PCRE2_UCHAR message[256];

    if (outcome->code == PCRE2_ERROR_HEAP_FAILED) {
        csi_no_memory(error);
        return;
    }
    if (outcome->code == PCRE2_ERROR_UTF_IS_DISABLED ||
        outcome->code == PCRE2_ERROR_UCP_IS_DISABLED) {
        cosend_error_set(error, COSEND_E_SPEC,
                         "(*UTF) and (*UCP) can't be used here; the "
                         "option unicode switches to UTF-8");
        return;
    }
    pcre2_get_error_message(outcome->code, message, sizeof(message));
    cosend_error_set(error, COSEND_E_SPEC, "at character %zu: %s",
                     character_at(pattern, outcome->offset),
                     (const char *)message);
}

/* The pattern between the conditions of a word. */
static struct csi_program *compile_word(struct csi_string pattern,
                                        uint32_t flags,
                                        struct cosend_error *error)
{
    struct csi_outcome outcome = {PCRE2_ERROR_HEAP_FAILED, 0};
    struct csi_program *program = NULL;
    struct csi_text text = {0};

    if (csi_text_string(&text, "(?<!\\w)(?:") &&
        csi_text_add(&text, pattern.text, pattern.length) &&
        csi_text_string(&text, ")(?!\\w)"))
        program = csi_program_new(text.data, text.length, flags, &outcome);
    csi_text_free(&text);
    if (!program && outcome.code == PCRE2_ERROR_HEAP_FAILED)
        csi_no_memory(error);
    else if (!program)
        cosend_error_set(error, COSEND_E_SPEC,
                         "word needs a pattern without leading (*VERB)s, "
                         "open \\Q or comments at its end");
    return program;
}

/* First the bare pattern, so that what is wrong is told in terms of what was
   written. */
struct csi_program *csi_pattern_compile(struct csi_string pattern,
                                        uint32_t flags, bool word,
                                        struct cosend_error *error)
{
    struct csi_outcome outcome = {0, 0};
    struct csi_program *program =
        csi_program_new(pattern.text, pattern.length, flags, &outcome);

    if (!program) {
        report(error, pattern, &outcome);
        return NULL;
    }
    if (!word)
        return program;
    csi_program_free(program);
    return compile_word(pattern, flags, error);
}
