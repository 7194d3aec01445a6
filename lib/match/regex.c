/* SPDX-License-Identifier: MIT */
/*
 * Patterns: PCRE2 and its JIT, or memmem where the pattern is only a string.
 *
 * A regex is constant once made, so any number of threads may match with it.
 * What PCRE2 writes in during a match (the scratch) is one per thread, shared
 * by all its regexes: a match never suspends its coroutine. It goes at the
 * thread's end, and with each cosend_regex_free of that thread: it is only a
 * cache, and a host that freed all it made finds nothing left.
 *
 * Time and memory of a match are bounded. Code of the JIT gives up after
 * MATCH_LIMIT steps of backtracking, or when its 32 KiB of machine stack are
 * used up; then the interpreter tries again, which keeps its backtracking on
 * the heap, up to HEAP_LIMIT. A pattern that is still not done is answered by
 * COSEND_MATCH_LIMIT: neither a match nor none.
 */
#include "match/regex.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    MATCH_LIMIT = 250000,
    HEAP_LIMIT = 16 * 1024, /* KiB */
    MOST_PAIRS = 65535,     /* that match data can have */
    LONG_CHOICE = 8 * 1024, /* bytes of pattern: no need to try PCRE2 */
    SHORT_NEEDLE = 2,       /* in every other line: no help in finding one */
    MOST_FOLDED = 32        /* of a string whose case is ignored: the search
                               takes time by its length */
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return csi_malloc(size);
}

static void release(void *memory, void *unused)
{
    (void)unused;
    csi_free(memory);
}

/* ---- Scratch ------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;
static bool have_key;

static void free_scratch(void *scratch)
{
    pcre2_match_data_free(scratch);
}

static void make_key(void)
{
    have_key = pthread_key_create(&scratch_key, free_scratch) == 0;
}

static void drop_scratch(void)
{
    pthread_once(&once, make_key);
    if (have_key) {
        free_scratch(pthread_getspecific(scratch_key));
        pthread_setspecific(scratch_key, NULL);
    }
}

/* With room for the regex's offsets. */
pcre2_match_data *csi_regex_scratch(const struct cosend_regex *regex)
{
    pcre2_match_data *scratch;

    pthread_once(&once, make_key);
    if (!have_key)
        return NULL;
    scratch = pthread_getspecific(scratch_key);
    if (scratch && pcre2_get_ovector_count(scratch) >= regex->pairs)
        return scratch;
    drop_scratch();
    scratch = pcre2_match_data_create(regex->pairs, regex->general);
    if (scratch && pthread_setspecific(scratch_key, scratch)) {
        free_scratch(scratch);
        scratch = NULL;
    }
    return scratch;
}

/* ---- Compile ------------------------------------------------------------- */

/* A pattern's text, as it is put together. */
struct text {
    char *data;
    size_t length;
};

static const char word_start[] = "(?<!\\w)(?:";
static const char word_end[] = ")(?!\\w)";

static void append(struct text *text, const char *data, size_t length)
{
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

/* The pattern that stands for a string: all but letters and digits escaped. */
static bool quote(const char *string, size_t length, struct text *quoted)
{
    quoted->length = 0;
    quoted->data = csi_malloc(2 * length + 1);
    if (!quoted->data)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)string[i];
        bool plain = c >= 0x80 || (c >= '0' && c <= '9') ||
                     (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (!plain)
            append(quoted, "\\", 1);
        append(quoted, string + i, 1);
    }
    return true;
}

static bool wrap_word(const struct text *bare, struct text *wrapped)
{
    wrapped->length = 0;
    wrapped->data =
        csi_malloc(bare->length + sizeof(word_start) + sizeof(word_end));
    if (!wrapped->data)
        return false;
    append(wrapped, word_start, sizeof(word_start) - 1);
    append(wrapped, bare->data, bare->length);
    append(wrapped, word_end, sizeof(word_end) - 1);
    return true;
}

/* Whether \p or \P is in the pattern. */
static bool has_property(const char *pattern, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++) {
        if (pattern[i] != '\\')
            continue;
        i++;
        if (pattern[i] == 'p' || pattern[i] == 'P')
            return true;
    }
    return false;
}

/* Whether (?i), or an i among other flags, or before a colon, is in it. */
static bool has_fold(const char *pattern, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++) {
        if (pattern[i] == '\\') {
            i++;
            continue;
        }
        if (pattern[i] != '(' || pattern[i + 1] != '?')
            continue;
        for (i += 2; i < length && pattern[i] && strchr("^Jaimnsx", pattern[i]);
             i++)
            if (pattern[i] == 'i')
                return true;
    }
    return false;
}

/* The character, from 1, on which the compiler stopped. */
static size_t character_at(const struct text *pattern, size_t offset)
{
    size_t characters = 0;

    for (size_t i = 0; i < offset && i < pattern->length; i++)
        characters += ((unsigned char)pattern->data[i] & 0xC0) != 0x80;
    return characters ? characters : 1;
}

static int report(struct cosend_error *error, const struct text *pattern,
                  int code, size_t offset)
{
    PCRE2_UCHAR message[256];

    if (code == PCRE2_ERROR_HEAP_FAILED)
        return csi_no_memory(error);
    if (code == PCRE2_ERROR_UTF_IS_DISABLED ||
        code == PCRE2_ERROR_UCP_IS_DISABLED)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "(*UTF) and (*UCP) can't be used here; the "
                                "option unicode switches to UTF-8");
    pcre2_get_error_message(code, message, sizeof(message));
    return cosend_error_set(error, COSEND_E_SPEC, "at character %zu: %s",
                            character_at(pattern, offset),
                            (const char *)message);
}

struct outcome {
    int code;
    size_t offset;
};

static pcre2_code *compile_text(const struct cosend_regex *regex,
                                const struct text *pattern, uint32_t flags,
                                struct outcome *outcome)
{
    pcre2_compile_context *context =
        pcre2_compile_context_create(regex->general);
    pcre2_code *code;

    if (!context) {
        outcome->code = PCRE2_ERROR_HEAP_FAILED;
        return NULL;
    }
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    code = pcre2_compile((PCRE2_SPTR)pattern->data, pattern->length, flags,
                         &outcome->code, &outcome->offset, context);
    pcre2_compile_context_free(context);
    return code;
}

static bool is_utf_error(int code)
{
    return code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21;
}

/* The bare pattern, then, if asked for, inside the conditions of a word: what
   is wrong is told in terms of what was written. */
static bool compile(struct cosend_regex *regex, const struct text *pattern,
                    uint32_t flags, bool word, struct outcome *outcome,
                    struct cosend_error *error)
{
    struct text wrapped;

    regex->code = compile_text(regex, pattern, flags, outcome);
    if (!regex->code || !word)
        return regex->code != NULL;
    pcre2_code_free(regex->code);
    regex->code = NULL;
    if (!wrap_word(pattern, &wrapped)) {
        outcome->code = PCRE2_ERROR_HEAP_FAILED;
        return false;
    }
    regex->code = compile_text(regex, &wrapped, flags, outcome);
    csi_free(wrapped.data);
    if (!regex->code && outcome->code != PCRE2_ERROR_HEAP_FAILED)
        cosend_error_set(error, COSEND_E_SPEC,
                         "word needs a pattern without leading (*VERB)s, "
                         "open \\Q or comments at its end");
    return regex->code != NULL;
}

static int by_number(const void *left, const void *right)
{
    const struct csi_group *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

static bool list_groups(struct cosend_regex *regex)
{
    PCRE2_SPTR table;
    uint32_t count, size, captures;

    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &captures);
    regex->pairs = captures < MOST_PAIRS ? captures + 1 : MOST_PAIRS;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    if (!count)
        return true;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    regex->groups = csi_calloc(count, sizeof(*regex->groups));
    if (!regex->groups)
        return false;
    regex->group_count = count;
    for (uint32_t i = 0; i < count; i++, table += size) {
        regex->groups[i].number = (uint32_t)(table[0] << 8 | table[1]);
        regex->groups[i].name = (const char *)table + 2;
    }
    qsort(regex->groups, count, sizeof(*regex->groups), by_number);
    return true;
}

static bool prepare(struct cosend_regex *regex)
{
    regex->limits = pcre2_match_context_create(regex->general);
    if (!regex->limits)
        return false;
    pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(regex->limits, HEAP_LIMIT);
    regex->jit = pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0;
    return list_groups(regex);
}

static uint32_t flags_of(const struct cosend_regex_options *options,
                         bool unicode)
{
    uint32_t flags = PCRE2_DOLLAR_ENDONLY;

    flags |= unicode ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF
                     : PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
    if (options->ignore_case)
        flags |= PCRE2_CASELESS;
    if (options->whole)
        flags |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    return flags;
}

/* The pattern over several lines, by the JIT; NULL where that cannot be. */
static pcre2_code *compile_block(struct cosend_regex *regex, uint32_t flags,
                                 bool word)
{
    struct text text = {regex->literals.in_block,
                        regex->literals.in_block_length};
    struct outcome outcome = {0, 0};
    struct text wrapped = {NULL, 0};
    pcre2_code *code;

    if (word && !wrap_word(&text, &wrapped))
        return NULL;
    code = compile_text(regex, word ? &wrapped : &text, flags | PCRE2_MULTILINE,
                        &outcome);
    csi_free(wrapped.data);
    if (code && pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
        pcre2_code_free(code);
        code = NULL;
    }
    return code;
}

/* Whether a pattern is a choice of strings for which there is no need of PCRE2,
   which takes 64 KiB of pattern at most. Of few that are short it makes more
   than we do: see choose_strings. */
static bool is_set(const struct csi_literals *literals, size_t length,
                   uint32_t flags)
{
    return !(flags & PCRE2_UTF) && literals->choice_count &&
           (literals->choice_count > csi_teddy_worth() || length > LONG_CHOICE);
}

bool csi_regex_make_set(struct cosend_regex *regex,
                        const struct csi_string *strings, size_t count,
                        const struct cosend_regex_options *options)
{
    struct csi_volnitsky_options how = {.ignore_case = options->ignore_case,
                                        .word = options->word,
                                        .whole = options->whole};

    regex->set = csi_literal_set_new(strings, count, &how);
    if (!regex->set)
        return false;
    regex->set_finds_lines =
        csi_literal_set_is_for_lines(regex->set, &regex->exact);
    return true;
}

static bool make_set(struct cosend_regex *regex,
                     const struct cosend_regex_options *options)
{
    struct csi_literals *literals = &regex->literals;
    struct cosend_regex_options how = *options;
    struct csi_string *strings =
        csi_malloc(literals->choice_count * sizeof(*strings));
    const char *text = literals->choices;
    bool made;

    if (!strings)
        return false;
    for (size_t i = 0; i < literals->choice_count; i++) {
        strings[i] = (struct csi_string){text, literals->choice_lengths[i]};
        text += literals->choice_lengths[i];
    }
    how.ignore_case |= literals->ignore_case;
    made = csi_regex_make_set(regex, strings, literals->choice_count, &how);
    csi_free(strings);
    csi_literals_free(literals);
    return made;
}

/* A choice of a few strings: our own search finds a match but for what else is
   asked of it: to be a word, to be the whole line, to be valid UTF-8. */
static void choose_strings(struct cosend_regex *regex, bool bare,
                           bool ignore_case)
{
    const struct csi_literals *literals = &regex->literals;

    if (literals->choice_count < 2 || literals->has_empty_choice)
        return;
    regex->teddy = csi_teddy_new(literals->choices, literals->choice_lengths,
                                 literals->choice_count, ignore_case);
    regex->exact = bare && regex->teddy;
}

/*
 * How lines that may match are found. Letters whose case is ignored are those
 * of ASCII: in Unicode others fold to some of them.
 */
static bool choose_engine(struct cosend_regex *regex, uint32_t flags,
                          const struct cosend_regex_options *options)
{
    struct csi_literals *literals = &regex->literals;
    bool ignore_case, unicode = flags & PCRE2_UTF;

    ignore_case = literals->ignore_case || options->ignore_case;
    regex->looks_at_end = literals->looks_at_end;
    if (unicode && ignore_case)
        return true;
    for (size_t i = 0; ignore_case && i < literals->needle_length; i++)
        if (literals->needle[i] >= 'A' && literals->needle[i] <= 'Z')
            literals->needle[i] |= 0x20;
    choose_strings(regex, !unicode && !options->word && !options->whole,
                   ignore_case);
    if (ignore_case && literals->needle_length > MOST_FOLDED)
        literals->needle_length = MOST_FOLDED;
    if (literals->needle_length > SHORT_NEEDLE)
        csi_substring_init(&regex->needle, literals->needle,
                           literals->needle_length, ignore_case);
    if (literals->in_block && !unicode && !options->whole && regex->jit)
        regex->block = compile_block(regex, flags, options->word);
    return true;
}

static bool make_expression(struct cosend_regex *regex,
                            const struct text *pattern,
                            const struct cosend_regex_options *options,
                            struct cosend_error *error)
{
    bool folds =
        !csi_is_ascii(pattern->data, pattern->length) &&
        (options->ignore_case ||
         (!options->fixed && has_fold(pattern->data, pattern->length)));
    bool unicode =
        options->unicode ||
        (!options->fixed && has_property(pattern->data, pattern->length));
    struct outcome outcome = {0, 0};
    uint32_t flags = flags_of(options, unicode || folds);
    bool made;

    if (!csi_literals_find(&regex->literals, pattern->data, pattern->length))
        return false;
    if (is_set(&regex->literals, pattern->length, flags))
        return make_set(regex, options);
    regex->general = pcre2_general_context_create(allocate, release, NULL);
    if (!regex->general)
        return false;
    made = compile(regex, pattern, flags, options->word, &outcome, error);
    /* Bytes that are no UTF-8 are no letters, and have no case to fold. */
    if (!made && folds && !unicode && is_utf_error(outcome.code)) {
        flags = flags_of(options, false);
        made = compile(regex, pattern, flags, options->word, &outcome, error);
    }
    if (!made) {
        report(error, pattern, outcome.code, outcome.offset);
        return false;
    }
    return prepare(regex) && choose_engine(regex, flags, options);
}

static bool make_literal(struct cosend_regex *regex, const char *pattern,
                         size_t length,
                         const struct cosend_regex_options *options)
{
    regex->literal = csi_strndup(pattern, length);
    regex->literal_length = length;
    regex->word = options->word;
    regex->whole = options->whole;
    if (regex->literal && length)
        csi_substring_init(&regex->needle, regex->literal, length, false);
    /* What has line ends in it may be found where no line has it. */
    regex->exact = !options->word && !options->whole &&
                   !memchr(pattern, '\n', length) &&
                   !memchr(pattern, '\r', length);
    return regex->literal != NULL;
}

static bool make_quoted(struct cosend_regex *regex, const char *pattern,
                        size_t length,
                        const struct cosend_regex_options *options,
                        struct cosend_error *error)
{
    struct text quoted;
    bool made;

    if (!quote(pattern, length, &quoted))
        return false;
    made = make_expression(regex, &quoted, options, error);
    csi_free(quoted.data);
    return made;
}

static bool make(struct cosend_regex *regex, const char *pattern, size_t length,
                 const struct cosend_regex_options *options,
                 struct cosend_error *error)
{
    bool string = options->fixed || csi_is_plain(pattern, length);

    if (string && !options->ignore_case && !(options->unicode && options->word))
        return make_literal(regex, pattern, length, options);
    if (options->fixed)
        return make_quoted(regex, pattern, length, options, error);
    return make_expression(regex,
                           &(struct text){(char *)(uintptr_t)pattern, length},
                           options, error);
}

struct cosend_regex *
cosend_regex_new(const char *pattern, size_t length,
                 const struct cosend_regex_options *options,
                 struct cosend_error *error)
{
    static const struct cosend_regex_options none;
    struct cosend_regex *regex;

    if (options && CSI_CHECK_RESERVED(options, "regex options", error) < 0)
        return NULL;
    regex = csi_calloc(1, sizeof(*regex));
    if (regex && make(regex, pattern, length, options ? options : &none, error))
        return regex;
    csi_no_memory(error);
    cosend_regex_free(regex);
    return NULL;
}

void cosend_regex_free(struct cosend_regex *regex)
{
    if (!regex)
        return;
    drop_scratch();
    csi_teddy_free(regex->teddy);
    csi_literal_set_free(regex->set);
    for (size_t i = 0; i < regex->any_count; i++)
        cosend_regex_free(regex->any[i]);
    csi_free(regex->any);
    csi_literals_free(&regex->literals);
    pcre2_code_free(regex->block);
    csi_free(regex->literal);
    csi_free(regex->groups);
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->limits);
    pcre2_general_context_free(regex->general);
    csi_free(regex);
}

/* ---- Match --------------------------------------------------------------- */

static bool find_word(const struct cosend_regex *regex, const char *text,
                      size_t length)
{
    const char *end = text + length, *at = text;

    while ((at = csi_substring_find(&regex->needle, at, end))) {
        const char *behind = at + regex->literal_length;

        if ((at == text || !csi_is_word(at[-1])) &&
            (behind == end || !csi_is_word(*behind)))
            return true;
        at++;
    }
    return false;
}

static bool find_literal(const struct cosend_regex *regex, const char *text,
                         size_t length)
{
    if (regex->whole)
        return length == regex->literal_length &&
               memcmp(text, regex->literal, length) == 0;
    if (!regex->literal_length)
        return !regex->word || csi_has_empty_word(text, length);
    if (regex->word)
        return find_word(regex, text, length);
    return csi_substring_find(&regex->needle, text, text + length) != NULL;
}

int csi_regex_execute(const struct cosend_regex *regex, const char *text,
                      size_t length, pcre2_match_data *scratch)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)text;
    int answer = PCRE2_ERROR_JIT_STACKLIMIT;

    if (regex->jit)
        answer = pcre2_jit_match(regex->code, subject, length, 0, 0, scratch,
                                 regex->limits);
    if (answer == PCRE2_ERROR_JIT_STACKLIMIT)
        answer = pcre2_match(regex->code, subject, length, 0, PCRE2_NO_JIT,
                             scratch, regex->limits);
    return answer;
}

static enum cosend_match verdict(int answer)
{
    if (answer >= 0)
        return COSEND_MATCH;
    if (answer == PCRE2_ERROR_NOMATCH)
        return COSEND_NO_MATCH;
    if (answer == PCRE2_ERROR_NOMEMORY)
        return COSEND_MATCH_MEMORY;
    return COSEND_MATCH_LIMIT;
}

static bool has_text(struct cosend_cell cell)
{
    return cell.kind != COSEND_ABSENT && cell.kind != COSEND_NULL;
}

/* Where one is out of its limits, another one may match. */
static enum cosend_match match_any(const struct cosend_regex *regex,
                                   struct cosend_cell cell)
{
    enum cosend_match match = COSEND_NO_MATCH;

    for (size_t i = 0; i < regex->any_count && match != COSEND_MATCH; i++)
        match = csi_either(match, cosend_regex_match(regex->any[i], cell));
    return match;
}

enum cosend_match cosend_regex_match(const struct cosend_regex *regex,
                                     struct cosend_cell cell)
{
    const char *text = cell.length ? cell.data : "";
    pcre2_match_data *scratch;

    if (!has_text(cell))
        return COSEND_NO_MATCH;
    if (regex->any)
        return match_any(regex, cell);
    if (!regex->code)
        return (regex->set
                    ? csi_literal_set_match(regex->set, text, cell.length)
                    : find_literal(regex, text, cell.length))
                   ? COSEND_MATCH
                   : COSEND_NO_MATCH;
    scratch = csi_regex_scratch(regex);
    if (!scratch)
        return COSEND_MATCH_MEMORY;
    return verdict(csi_regex_execute(regex, text, cell.length, scratch));
}

bool cosend_regex_matches(const struct cosend_regex *regex,
                          struct cosend_cell cell)
{
    return cosend_regex_match(regex, cell) == COSEND_MATCH;
}

size_t cosend_regex_groups(const struct cosend_regex *regex)
{
    return regex->group_count;
}

const char *cosend_regex_group(const struct cosend_regex *regex, size_t i)
{
    return regex->groups[i].name;
}

static struct cosend_cell slice(struct cosend_cell cell, const size_t *offsets)
{
    struct cosend_cell part = {NULL, 0, COSEND_ABSENT};

    /* \K in a lookahead can set a start behind the end. */
    if (offsets[0] != PCRE2_UNSET && offsets[0] <= offsets[1])
        part = cosend_text(cell.length ? cell.data + offsets[0] : "",
                           offsets[1] - offsets[0]);
    return part;
}

enum cosend_match cosend_regex_captures(const struct cosend_regex *regex,
                                        struct cosend_cell cell,
                                        struct cosend_cell *cells)
{
    pcre2_match_data *scratch;
    const size_t *offsets;
    int answer;

    if (!regex->group_count || !has_text(cell))
        return cosend_regex_match(regex, cell);
    scratch = csi_regex_scratch(regex);
    if (!scratch)
        return COSEND_MATCH_MEMORY;
    answer = csi_regex_execute(regex, cell.length ? cell.data : "", cell.length,
                               scratch);
    offsets = pcre2_get_ovector_pointer(scratch);
    for (size_t i = 0; i < regex->group_count && answer >= 0; i++) {
        uint32_t number = regex->groups[i].number;

        cells[i] = number < (uint32_t)answer
                       ? slice(cell, offsets + 2 * (size_t)number)
                       : (struct cosend_cell){NULL, 0, COSEND_ABSENT};
    }
    return verdict(answer);
}
