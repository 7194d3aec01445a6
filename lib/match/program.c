/* SPDX-License-Identifier: MIT */
/*
 * Matches that end: whatever the pattern and the text, a match takes bounded
 * time and bounded memory, and says so where a bound stopped it.
 *
 * PCRE2's own limit of steps does not do. It starts anew at each byte where a
 * match may start, and does not count the bytes that \w+ runs over; so a line
 * of n bytes may cost n * n. Hence two ways to match:
 *
 *   quick    The pattern as compiled, once over the text. A text of at most
 *            CSI_SHORT_TEXT bytes bounds what is not counted, and a limit for
 *            each start, of QUICK_STEPS over the text's length, what is. (Of
 *            QUICK_MOST where a match can start at the start of a line alone.)
 *   counted  Longer texts, and those that ran into the limit. The pattern is
 *            compiled a second time, when this is first needed, with a callout
 *            before each of its items; what calls out counts the items and the
 *            bytes between them over all starts, and stops the match when
 *            either budget is spent. It is several times slower. A pattern of
 *            more than some 8 KiB may be too large for PCRE2 with that: then
 *            longer texts are matched as others are, with a limit for each
 *            start, and what is not counted takes time by their length squared
 *            at worst.
 *
 * Without machine code the interpreter matches both ways. It is given
 * characters only: where the pattern matches characters and a text has bytes
 * that are none, each stretch between such bytes by itself, told which of its
 * ends are the text's. (What PCRE2 10.42 makes of such a text is not the same
 * in its interpreter and in machine code, and takes each stretch's end for the
 * text's.)
 *
 * Which way is taken, and what both answer, depends on the text and the pattern
 * alone, never on a clock.
 *
 * Memory: machine code backtracks on 32 KiB of the thread's stack. Where that
 * is too little, the thread gets a stack of its own that grows to
 * CSI_STACK_MOST. Where there is no machine code, PCRE2's interpreter
 * backtracks on the heap, up to CSI_HEAP_MOST.
 */
#include "match/program.h"

#include "base/text.h"
#include "base/utf8.h"
#include "match/pattern_text.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    QUICK_STEPS = 16 * 1024 * 1024, /* of a text, over all starts */
    QUICK_MOST = 250000,            /* at one start */
    QUICK_LEAST = 512,              /* of a text of any length */
    LENGTHS = 64,                   /* powers of two */
    BLOCK_STEPS = 10000,            /* at one start in a block of lines */
    COUNTED_STEPS = 500000,         /* and STEPS_A_BYTE for each of the text */
    STEPS_A_BYTE = 16,
    COUNTED_BYTES = 128 * 1024 * 1024, /* and BYTES_A_BYTE for each */
    BYTES_A_BYTE = 64
};

struct csi_program {
    pcre2_code *code;
    bool jit;
    bool one_start;          /* a match starts where a line does, or nowhere */
    bool whole_characters;   /* it is to match all of a text, of UTF-8 */
    bool stretches;          /* it is given characters only, see above */
    size_t quick_below;      /* shorter texts need no more than machine code */
    uint32_t steps[LENGTHS]; /* the limits for these; see quick_steps */
    char *pattern;           /* to compile it again for counting */
    size_t length;
    uint32_t flags;
    pthread_mutex_t lock;          /* of who makes `counted` */
    _Atomic(pcre2_code *) counted; /* NULL until it is needed, */
    atomic_bool uncountable;       /* and where it is too large */
};

/* ---- Compiling ----------------------------------------------------------- */

static pcre2_code *compile_pattern(const char *pattern, size_t length,
                                   uint32_t flags, struct csi_outcome *outcome)
{
    pcre2_general_context *general = csi_scratch_general();
    pcre2_compile_context *context =
        general ? pcre2_compile_context_create(general) : NULL;
    pcre2_code *code = NULL;

    outcome->code = PCRE2_ERROR_HEAP_FAILED;
    if (context) {
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        code = pcre2_compile((PCRE2_SPTR)pattern, length, flags, &outcome->code,
                             &outcome->offset, context);
    }
    pcre2_compile_context_free(context);
    pcre2_general_context_free(general);
    return code;
}

static bool info_is_one(const pcre2_code *code, uint32_t what)
{
    uint32_t type = 0;

    pcre2_pattern_info(code, what, &type);
    return type == 1;
}

/*
 * PCRE2 takes the first byte of a lookahead at the start for that of a match,
 * and counts the last byte that a match must have as another one, which comes
 * behind it: it finds no match of (?=a)b?a in "a". Where both are one, and
 * there may be such a lookahead, it must not look for them. (In an anchored
 * pattern it does not say which byte is the last.)
 */
static bool misses_matches(const pcre2_code *code,
                           const struct csi_pattern_text *text, uint32_t flags)
{
    uint32_t first = 0, last = 0;

    if (!text->lookahead || !info_is_one(code, PCRE2_INFO_FIRSTCODETYPE))
        return false;
    if (!info_is_one(code, PCRE2_INFO_LASTCODETYPE))
        return flags & PCRE2_ANCHORED;
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &first);
    pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &last);
    return tolower((int)first) == tolower((int)last);
}

static atomic_bool jit_is_masked;

void csi_program_mask_jit(bool mask)
{
    atomic_store(&jit_is_masked, mask);
}

static bool is_masked(void)
{
#ifdef CSI_SIMD_FROM_ENV
    if (getenv("COSEND_NO_JIT"))
        return true;
#endif
    return atomic_load(&jit_is_masked);
}

static bool make_code(struct csi_program *program, struct csi_outcome *outcome)
{
    struct csi_pattern_text text =
        csi_pattern_text(program->pattern, program->length);

    program->code = compile_pattern(program->pattern, program->length,
                                    program->flags, outcome);
    if (program->code && misses_matches(program->code, &text, program->flags)) {
        pcre2_code_free(program->code);
        program->flags |= PCRE2_NO_START_OPTIMIZE;
        program->code = compile_pattern(program->pattern, program->length,
                                        program->flags, outcome);
    }
    return program->code;
}

/* Make it one that is given characters only. */
static bool make_for_stretches(struct csi_program *program,
                               struct csi_outcome *outcome)
{
    struct csi_text text = {0};

    outcome->code = PCRE2_ERROR_HEAP_FAILED;
    if (!csi_pattern_rewrite(&text, program->pattern, program->length) ||
        !csi_text_add(&text, "", 1)) {
        csi_text_free(&text);
        return false;
    }
    csi_free(program->pattern);
    program->pattern = text.data;
    program->length = text.length - 1;
    program->flags &= ~(uint32_t)PCRE2_MATCH_INVALID_UTF;
    program->stretches = true;
    pcre2_code_free(program->code);
    return make_code(program, outcome);
}

static void set_steps(struct csi_program *program)
{
    uint32_t steps = QUICK_STEPS;

    for (unsigned i = 0; i < LENGTHS; i++) {
        steps /= 2;
        if (steps < QUICK_LEAST)
            steps = QUICK_LEAST;
        program->steps[i] =
            steps < QUICK_MOST && !program->one_start ? steps : QUICK_MOST;
    }
}

static bool make_program(struct csi_program *program,
                         struct csi_outcome *outcome)
{
    uint32_t flags = 0, first = 0;

    if (!make_code(program, outcome))
        return false;
    pcre2_pattern_info(program->code, PCRE2_INFO_ALLOPTIONS, &flags);
    pcre2_pattern_info(program->code, PCRE2_INFO_FIRSTCODETYPE, &first);
    program->one_start = flags & PCRE2_ANCHORED || first == 2;
    set_steps(program);
    program->jit = !is_masked() &&
                   pcre2_jit_compile(program->code, PCRE2_JIT_COMPLETE) == 0;
    if (program->jit && !program->whole_characters)
        program->quick_below = CSI_SHORT_TEXT + 1;
    return program->jit || !(program->flags & PCRE2_MATCH_INVALID_UTF) ||
           make_for_stretches(program, outcome);
}

struct csi_program *csi_program_new(const char *pattern, size_t length,
                                    uint32_t flags, struct csi_outcome *outcome)
{
    struct csi_program *program = csi_calloc(1, sizeof(*program));

    outcome->code = PCRE2_ERROR_HEAP_FAILED;
    if (!program)
        return NULL;
    pthread_mutex_init(&program->lock, NULL);
    program->flags = flags;
    program->whole_characters =
        flags & PCRE2_ENDANCHORED && flags & PCRE2_MATCH_INVALID_UTF;
    program->length = length;
    program->pattern = csi_strndup(pattern, length);
    if (program->pattern && make_program(program, outcome))
        return program;
    csi_program_free(program);
    return NULL;
}

void csi_program_free(struct csi_program *program)
{
    if (!program)
        return;
    pcre2_code_free(program->code);
    pcre2_code_free(atomic_load(&program->counted));
    pthread_mutex_destroy(&program->lock);
    csi_free(program->pattern);
    csi_free(program);
}

const pcre2_code *csi_program_code(const struct csi_program *program)
{
    return program->code;
}

bool csi_program_is_jit(const struct csi_program *program)
{
    return program->jit;
}

/* The pattern with callouts; NULL without memory, and where it is
   uncountable. */
static pcre2_code *counted_code(struct csi_program *program)
{
    pcre2_code *code = atomic_load(&program->counted);
    struct csi_outcome outcome;

    if (code || atomic_load(&program->uncountable))
        return code;
    pthread_mutex_lock(&program->lock);
    code = atomic_load(&program->counted);
    if (!code) {
        code = compile_pattern(program->pattern, program->length,
                               program->flags | PCRE2_AUTO_CALLOUT, &outcome);
        if (!code && outcome.code != PCRE2_ERROR_HEAP_FAILED)
            atomic_store(&program->uncountable, true);
        if (code && program->jit)
            pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
        atomic_store(&program->counted, code);
    }
    pthread_mutex_unlock(&program->lock);
    return code;
}

/* ---- Matching ------------------------------------------------------------ */

static void move_offsets(pcre2_match_data *data, size_t by)
{
    size_t *offsets = pcre2_get_ovector_pointer(data);

    for (uint32_t i = 2 * pcre2_get_ovector_count(data); i-- > 0;)
        if (offsets[i] != PCRE2_UNSET)
            offsets[i] += by;
}

/* Each stretch of characters, be it empty, that does not end before `from`. */
static int interpret_stretches(const pcre2_code *code, const char *text,
                               size_t length, size_t from,
                               struct csi_scratch *scratch)
{
    const char *p = text, *end = text + length, *stop;
    int answer;

    for (;; p = stop + 1) {
        uint32_t options = PCRE2_NO_JIT | PCRE2_NO_UTF_CHECK;
        int size;

        for (stop = p; stop < end; stop += size)
            if ((size = csi_utf8_character(stop, end)) < 0)
                break;
        if (stop < text + from)
            continue;
        options |= p > text ? PCRE2_NOTBOL : 0;
        options |= stop < end ? PCRE2_NOTEOL : 0;
        answer = pcre2_match(code, (PCRE2_SPTR)p, (size_t)(stop - p),
                             p < text + from ? (size_t)(text + from - p) : 0,
                             options, scratch->data, scratch->context);
        /* Machine code starts none before a byte that continues a character. */
        if (answer >= 0 && stop < end && stop > text &&
            ((unsigned char)*stop & 0xc0) == 0x80 &&
            pcre2_get_startchar(scratch->data) == (size_t)(stop - p))
            answer = PCRE2_ERROR_NOMATCH;
        if (answer != PCRE2_ERROR_NOMATCH || stop == end)
            break;
    }
    if (answer > 0)
        move_offsets(scratch->data, (size_t)(p - text));
    return answer;
}

/* What is matched: a text, from one of its bytes on. */
struct subject {
    const char *text;
    size_t length, from;
};

/* By machine code, with the stack that the thread has, and then with one that
   grows; or by the interpreter. */
static int run_program(const struct csi_program *program,
                       const pcre2_code *code, const struct subject *subject,
                       struct csi_scratch *scratch)
{
    PCRE2_SPTR text = (PCRE2_SPTR)subject->text;
    size_t length = subject->length, from = subject->from;
    int answer;

    if (program->stretches)
        return interpret_stretches(code, subject->text, length, from, scratch);
    if (!program->jit)
        return pcre2_match(code, text, length, from, PCRE2_NO_JIT,
                           scratch->data, scratch->context);
    answer = pcre2_jit_match(code, text, length, from, 0, scratch->data,
                             scratch->context);
    if (answer != PCRE2_ERROR_JIT_STACKLIMIT || scratch->stack)
        return answer;
    if (!csi_scratch_grow_stack(scratch))
        return PCRE2_ERROR_NOMEMORY;
    return pcre2_jit_match(code, text, length, from, 0, scratch->data,
                           scratch->context);
}

/* What a counted match may still cost. */
struct budget {
    uint64_t steps, bytes;
    size_t place; /* where the last item began */
};

static int count_callout(pcre2_callout_block *block, void *data)
{
    struct budget *budget = data;
    size_t place = block->current_position;
    size_t bytes =
        place > budget->place ? place - budget->place : budget->place - place;

    budget->place = place;
    if (!budget->steps || bytes > budget->bytes)
        return PCRE2_ERROR_MATCHLIMIT;
    budget->steps--;
    budget->bytes -= bytes;
    return 0;
}

/* By the power of two above the length, so that few texts differ. */
static uint32_t quick_steps(const struct csi_program *program, size_t length)
{
    return program->steps[63 - __builtin_clzll((unsigned long long)length | 1)];
}

static int match_uncounted(struct csi_program *program,
                           const struct subject *subject,
                           struct csi_scratch *scratch)
{
    /* That was done. */
    if (subject->length <= CSI_SHORT_TEXT)
        return PCRE2_ERROR_MATCHLIMIT;
    csi_scratch_limit(scratch, quick_steps(program, subject->length));
    return run_program(program, program->code, subject, scratch);
}

static int match_counted(struct csi_program *program,
                         const struct subject *subject,
                         struct csi_scratch *scratch)
{
    pcre2_code *code = counted_code(program);
    uint64_t length = subject->length;
    struct budget budget = {COUNTED_STEPS + STEPS_A_BYTE * length,
                            COUNTED_BYTES + BYTES_A_BYTE * length, 0};
    int answer;

    if (!code)
        return atomic_load(&program->uncountable)
                   ? match_uncounted(program, subject, scratch)
                   : PCRE2_ERROR_NOMEMORY;
    csi_scratch_limit(scratch, UINT32_MAX);
    pcre2_set_callout(scratch->context, count_callout, &budget);
    answer = run_program(program, code, subject, scratch);
    pcre2_set_callout(scratch->context, NULL, NULL);
    return answer;
}

/* All that is not common; apart from its caller, which nearly always does
   without. */
__attribute__((noinline)) static int match_further(struct csi_program *program,
                                                   const char *text,
                                                   size_t length, size_t from,
                                                   struct csi_scratch *scratch)
{
    const struct subject subject = {text, length, from};
    int answer = PCRE2_ERROR_MATCHLIMIT;
    uint32_t steps = 0;

    /* PCRE2's interpreter is satisfied with all that is before the first byte
       that is no UTF-8. */
    if (program->whole_characters && !csi_utf8_is_valid(text, length))
        return PCRE2_ERROR_NOMATCH;
    if (length <= CSI_SHORT_TEXT) {
        steps = quick_steps(program, length);
        csi_scratch_limit(scratch, steps);
        answer = run_program(program, program->code, &subject, scratch);
    }
    /* As many steps as that are too many, however they are counted. */
    if (answer == PCRE2_ERROR_MATCHLIMIT && steps < QUICK_MOST)
        answer = match_counted(program, &subject, scratch);
    return answer == PCRE2_ERROR_JIT_STACKLIMIT ? PCRE2_ERROR_HEAPLIMIT
                                                : answer;
}

int csi_program_match(struct csi_program *program, const char *text,
                      size_t length, struct csi_scratch *scratch)
{
    int answer;

    if (length >= program->quick_below)
        return match_further(program, text, length, 0, scratch);
    csi_scratch_limit(scratch, quick_steps(program, length));
    answer = pcre2_jit_match(program->code, (PCRE2_SPTR)text, length, 0, 0,
                             scratch->data, scratch->context);
    if (answer >= 0 || answer == PCRE2_ERROR_NOMATCH)
        return answer;
    return match_further(program, text, length, 0, scratch);
}

int csi_program_find(struct csi_program *program, const char *text,
                     size_t length, size_t from, struct csi_scratch *scratch)
{
    return match_further(program, text, length, from, scratch);
}

int csi_program_match_block(struct csi_program *program, const char *text,
                            size_t length, size_t longest,
                            struct csi_scratch *scratch)
{
    uint32_t steps = quick_steps(program, longest);

    csi_scratch_limit(scratch, steps < BLOCK_STEPS ? steps : BLOCK_STEPS);
    return pcre2_jit_match(program->code, (PCRE2_SPTR)text, length, 0, 0,
                           scratch->data, scratch->context);
}
