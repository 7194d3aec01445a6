/* SPDX-License-Identifier: MIT */
/*
 * What every part of cosend shares: outcomes, errors, and the allocator.
 *
 * Outcomes are non-negative and say what happened; errors are negative and are
 * explained in a struct cosend_error that the caller owns. DONE and CLOSING
 * are not errors and never travel in one.
 *
 * Its structs are frozen (cosend/version.h).
 */
#ifndef COSEND_BASE_H
#define COSEND_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define COSEND_API                 __attribute__((visibility("default")))
#define COSEND_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define COSEND_API
#define COSEND_PRINTF(text, first)
#endif

/* Of the functions whose bodies are in the headers. For languages that have no
   C compiler at hand each is in the library too, under its name, by the one
   file that sets this to COSEND_API. */
#ifndef COSEND_INLINE
#define COSEND_INLINE static inline
#endif

/* A conversion that is meant, and a pointer to nothing, in the words of either
   language. */
#ifdef __cplusplus
#define COSEND_CAST(type, value) static_cast<type>(value)
#define COSEND_NOWHERE           nullptr
#else
#define COSEND_CAST(type, value) ((type)(value))
#define COSEND_NOWHERE           NULL
#endif

/* What a call answers when nothing went wrong. */
enum cosend_outcome {
    COSEND_OK = 0,      /* done as asked; go on */
    COSEND_YIELD = 1,   /* a value came out of a coroutine */
    COSEND_DONE = 2,    /* finished: the receiver takes no more */
    COSEND_GOT = 3,     /* inside a body: a value was sent */
    COSEND_CLOSING = 4, /* inside a body: close; GeneratorExit in Python */
    COSEND_THROWN = 5   /* inside a body: an error or news was thrown */
};

/*
 * The kinds of error. A body may raise any negative number; those at or below
 * COSEND_E_USER are never used by cosend itself.
 */
enum cosend_error_kind {
    COSEND_E_UNPRIMED = -1,     /* a value sent to a just-started coroutine */
    COSEND_E_RUNNING = -2,      /* the coroutine is already executing */
    COSEND_E_IGNORED_EXIT = -3, /* it yielded when it was told to close */
    COSEND_E_STOP_LEAK = -4,    /* a body returned somebody else's DONE */
    COSEND_E_THREAD = -5,       /* another thread owns the coroutine */
    COSEND_E_DEPTH = -6,        /* too many coroutines resumed in each other */
    COSEND_E_TYPE = -7,         /* an argument that makes no sense */
    COSEND_E_EXIT = -8,         /* GeneratorExit that came out as an error */
    COSEND_E_MEMORY = -9,       /* an allocation failed */
    COSEND_E_LIMIT = -10,       /* a limit of ours or the system's was hit */
    COSEND_E_USAGE = -11,       /* a call or command line that cannot be */
    COSEND_E_SPEC = -12,        /* a pipeline that cannot be built */
    COSEND_E_COLUMN = -13,      /* a column that the input does not have */
    COSEND_E_DATA = -14,        /* a bad record where on_error is fail */
    COSEND_E_INPUT = -15,       /* input could not be opened or read */
    COSEND_E_OUTPUT = -16,      /* output could not be opened or written */
    COSEND_E_ABORTED = -17,     /* another stage failed first */
    COSEND_E_LEDGER = -18,      /* the ledger does not balance */
    COSEND_E_USER = -1000
};

/* A text that somebody else keeps, as an option's. */
struct cosend_string {
    const char *data; /* terminated by a NUL that length does not count */
    size_t length;
};

/* One older error that led to an error: Python's __cause__ or __context__. */
struct cosend_cause {
    int kind;
    bool raised_from; /* a cause that was named; else what was being handled */
    char message[118];
    uint64_t id; /* as in struct cosend_error */
};

/* How many are kept: the latest, and in the last place always the oldest. */
enum { COSEND_CAUSES = 4 };

/*
 * An error, owned by the caller. All zero means none. The first error wins: a
 * call that is handed one that is set leaves it as it is. Places that are not
 * known are 0 or empty.
 */
struct cosend_error {
    int kind;        /* enum cosend_error_kind, or a body's own; 0: none */
    unsigned causes; /* how many of cause[] are set, latest first */
    uint64_t line;   /* physical line in source, from 1 */
    uint64_t column; /* from 1, in characters */
    uint64_t offset; /* bytes from the start of source */
    char step[64];
    char source[256];
    char message[512];
    struct cosend_cause cause[COSEND_CAUSES];
    unsigned omitted; /* how many were left out before the last cause */
    uint64_t id; /* which error it is, set by cosend_error_set; copies share it,
                    and equal words do not; 0: not known, like no other */
    uintptr_t reserved[4]; /* zero */
};

/*
 * Fill error, unless it is NULL or set already.
 *
 * Returns kind, always: `return cosend_error_set(error, kind, ...)`.
 */
COSEND_API int cosend_error_set(struct cosend_error *error, int kind,
                                const char *format, ...) COSEND_PRINTF(3, 4);

/* A kind's name as `--errors json` and rejects print it: "unknown_column". */
COSEND_API const char *cosend_error_name(int kind);

/*
 * Replace malloc, realloc and free for cosend and for every library below it
 * that takes an allocator. Call it before anything else of cosend; it is not
 * thread-safe, what it installs must be. NULL stands for the C library's.
 */
COSEND_API void cosend_set_allocator(void *(*allocate)(size_t),
                                     void *(*reallocate)(void *, size_t),
                                     void (*release)(void *));

/* ---- Did you mean -------------------------------------------------------- */

/*
 * Of `count` known words, the one that the fewest edits make of `word`, where
 * an edit inserts, removes or replaces a byte, or swaps two neighbours; letter
 * case is free. At most a third of the word may be edited, and at least one
 * edit is allowed. Of equals the first wins. Where there is none, the shortest
 * one that `word` is an abbreviation of (lvl of level), or the other way round.
 * at(list, i) gives word i, or NULL for one that is not to be proposed.
 *
 * Returns NULL where none is near enough.
 *
 * The distance is that of optimal string alignment (Damerau 1964), cut off
 * where it grows over the bound.
 */
COSEND_API const char *
cosend_suggest(const char *word, size_t count,
               const char *(*at)(const void *list, size_t i), const void *list);

/* The vector instructions that the library's kernels use on this machine:
   "avx512", "avx2", "sse2", "neon" or "portable". */
COSEND_API const char *cosend_kernels(void);

#ifdef __cplusplus
}
#endif

#endif
