/* SPDX-License-Identifier: MIT */
/*
 * distinct: how many cells differ in their text. Up to EXACT of them it is the
 * size of a set of their hashes of 128 bits, of which no two have ever been
 * seen to be the same; beyond that an estimate by 2^PRECISION registers, each
 * of the longest run of zeros among the hashes that are its own: Flajolet et
 * al., "HyperLogLog" (2007), estimated as in Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches" (2017), which needs no tables. Which of
 * both it is depends on how many there are, and not on how they were split.
 */
#include "stage/aggregate_distinct.h"

#include "base/base.h"
#include "cosend/number.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

enum {
    EXACT = 65536,
    PRECISION = 14,
    REGISTERS = 1 << PRECISION,
    MOST = 64 - PRECISION + 1, /* the longest run, and one */
    SMALL = 16
};

struct hash {
    uint64_t low, high; /* both 0: none */
};

struct distinct {
    struct hash *slots; /* open addressing, at most half full */
    uint32_t capacity;  /* a power of two, or 0 */
    uint32_t count;
    uint8_t *registers; /* NULL: exact */
};

/* ---- Registers ----------------------------------------------------------- */

static void note(uint8_t *registers, struct hash hash)
{
    uint64_t rest = hash.low << PRECISION | UINT64_C(1) << (PRECISION - 1);
    uint8_t run = (uint8_t)(__builtin_clzll(rest) + 1);
    size_t at = hash.low >> (64 - PRECISION);

    if (registers[at] < run)
        registers[at] = run;
}

static bool estimate_from_now_on(struct distinct *state)
{
    uint8_t *registers = csi_calloc(1, REGISTERS);

    if (!registers)
        return false;
    for (uint32_t i = 0; i < state->capacity; i++)
        if (state->slots[i].low | state->slots[i].high)
            note(registers, state->slots[i]);
    csi_free(state->slots);
    *state = (struct distinct){.registers = registers};
    return true;
}

/* Ertl's sigma and tau, whose loops end when a double changes no more. */
static double sigma(double x)
{
    double y = 1, z = x, before;

    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

static double tau(double x)
{
    double y = 1, z = 1 - x, before;

    if (x == 0 || x == 1)
        return 0;
    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

static int64_t estimate(const uint8_t *registers)
{
    const double half_by_log_two = 0.72134752044448170;
    uint32_t counts[MOST + 1] = {0};
    double z;

    for (size_t i = 0; i < REGISTERS; i++)
        counts[registers[i]]++;
    z = REGISTERS * tau(1 - counts[MOST] / (double)REGISTERS);
    for (int run = MOST - 1; run > 0; run--)
        z = 0.5 * (z + counts[run]);
    z += REGISTERS * sigma(counts[0] / (double)REGISTERS);
    return (int64_t)(half_by_log_two * REGISTERS * (REGISTERS / z) + 0.5);
}

/* ---- A set --------------------------------------------------------------- */

/* Where a hash is, or its place is free. */
static struct hash *slot_of(const struct distinct *state, struct hash hash)
{
    size_t at = hash.high & (state->capacity - 1);

    while (state->slots[at].low | state->slots[at].high &&
           (state->slots[at].low != hash.low ||
            state->slots[at].high != hash.high))
        at = (at + 1) & (state->capacity - 1);
    return &state->slots[at];
}

static bool widen(struct distinct *state)
{
    struct distinct wider = {.capacity = state->capacity ? 2 * state->capacity
                                                         : (uint32_t)SMALL,
                             .count = state->count};

    wider.slots = csi_calloc(wider.capacity, sizeof(*wider.slots));
    if (!wider.slots)
        return false;
    for (uint32_t i = 0; i < state->capacity; i++)
        if (state->slots[i].low | state->slots[i].high)
            *slot_of(&wider, state->slots[i]) = state->slots[i];
    csi_free(state->slots);
    *state = wider;
    return true;
}

/* False without memory. */
static bool take_hash(struct distinct *state, struct hash hash)
{
    struct hash *slot;

    hash.low += !(hash.low | hash.high);
    if (!state->registers && 2 * state->count >= state->capacity &&
        !widen(state))
        return false;
    if (!state->registers) {
        slot = slot_of(state, hash);
        if (slot->low | slot->high)
            return true;
        if (state->count < EXACT) {
            *slot = hash;
            state->count++;
            return true;
        }
        if (!estimate_from_now_on(state))
            return false;
    }
    note(state->registers, hash);
    return true;
}

static uint32_t distinct_add(const struct cosend_added *added,
                             const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_cell cell = added->cells[i];
        XXH128_hash_t hash;

        if (cosend_is_blank(cell))
            continue;
        hash = XXH3_128bits(cell.data, cell.length);
        if (!take_hash(cosend_state_at(added, i),
                       (struct hash){hash.low64, hash.high64}))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

static void distinct_set(const void *memory, struct cosend_stage *self,
                         struct cosend_column column, const void *parameter)
{
    const struct distinct *state = memory;
    char text[COSEND_NUMBER_MAX + 1] = "~";

    (void)parameter;
    if (!state->registers) {
        cosend_set_integer(self, column, state->count);
        return;
    }
    cosend_set(
        self, column,
        cosend_text(text, 1 + cosend_format_integer(estimate(state->registers),
                                                    text + 1)));
}

static const char *distinct_doubt(const void *memory)
{
    const struct distinct *state = memory;

    return state->registers
               ? "more than 65536 values: estimated, to some 0.8 %, and "
                 "marked by ~ (HyperLogLog)"
               : NULL;
}

static void distinct_save(const void *memory, struct cosend_bytes *to)
{
    const struct distinct *state = memory;

    cosend_put_u8(to, state->registers != NULL);
    if (state->registers) {
        cosend_put_bytes(to, state->registers, REGISTERS);
        return;
    }
    cosend_put_varint(to, state->count);
    for (uint32_t i = 0; i < state->capacity; i++) {
        struct hash hash = state->slots[i];

        if (!(hash.low | hash.high))
            continue;
        cosend_put_u64(to, hash.low);
        cosend_put_u64(to, hash.high);
    }
}

/* False without memory. */
static bool take_registers(struct distinct *state, const uint8_t *registers)
{
    if (!state->registers && !estimate_from_now_on(state))
        return false;
    for (size_t i = 0; i < REGISTERS; i++)
        if (state->registers[i] < registers[i])
            state->registers[i] = registers[i];
    return true;
}

static int merge_registers(struct distinct *state,
                           struct cosend_reader_bytes *from)
{
    size_t length;
    const char *saved = cosend_get_bytes(from, &length);

    if (from->failed || length != REGISTERS)
        return COSEND_E_TYPE;
    for (size_t i = 0; i < REGISTERS; i++)
        if ((uint8_t)saved[i] > MOST)
            return COSEND_E_TYPE;
    return take_registers(state, (const uint8_t *)saved) ? COSEND_OK
                                                         : COSEND_E_MEMORY;
}

static int distinct_merge(void *memory, struct cosend_reader_bytes *from)
{
    uint64_t count;

    if (cosend_get_u8(from))
        return merge_registers(memory, from);
    for (count = cosend_get_varint(from); count && !from->failed; count--) {
        struct hash hash = {cosend_get_u64(from), 0};

        hash.high = cosend_get_u64(from);
        if (!from->failed && !take_hash(memory, hash))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static void distinct_release(void *memory)
{
    struct distinct *state = memory;

    csi_free(state->slots);
    csi_free(state->registers);
    *state = (struct distinct){0};
}

static int distinct_unite(void *memory, void *other)
{
    struct distinct *state = memory, *from = other;

    if (from->registers && !take_registers(state, from->registers))
        return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < from->capacity; i++)
        if (from->slots[i].low | from->slots[i].high &&
            !take_hash(state, from->slots[i]))
            return COSEND_E_MEMORY;
    distinct_release(from);
    return COSEND_OK;
}

const struct cosend_aggregate csi_aggregate_distinct = {
    .name = "distinct",
    .summary = "How many values there are that differ as they are written",
    .size = sizeof(struct distinct),
    .flags = COSEND_NEEDS_FIELD | COSEND_SETS_SLOWLY,
    .add = distinct_add,
    .set = distinct_set,
    .save = distinct_save,
    .merge = distinct_merge,
    .release = distinct_release,
    .doubt = distinct_doubt,
    .unite = distinct_unite};
