/* SPDX-License-Identifier: MIT */
/*
 * A probe is a place in the file, and the least and the greatest time of the
 * lines there. Times need not ascend from line to line: a request that took an
 * hour is written when it ends, with the time when it began, and where clocks
 * are set back an hour is told twice. What is needed is a bound: no time is
 * more than SLACK behind one before it. By that, where all times of a probe are
 * more than SLACK before the span, so are all before it, of the span: none.
 *
 *     before the span, and more than SLACK             the span       behind it
 *     |.....p.....p.....p.....p..p.p|ppp.|.............|=======|.........|p....
 *                                   lo   hi
 *
 * So the search keeps a `lo` of which that is known, and reading begins there,
 * whatever the other probes have said; hi is but where it looks no further. The
 * end of the span is found from behind in the same way.
 *
 * Whether the bound holds nobody knows without reading all. So the file is
 * looked at in as many places as there is a sample of, and at its end, to which
 * another log may be appended, before the search, and behind it at distances
 * from its result that double. If at any of these the bound does not hold,
 * nothing is skipped. What that does not see is a part out of order that lies
 * between all of them.
 */
#include "read/bisect.h"

#include "read/chunker.h"
#include "record/calendar.h"

#include <string.h>

#define SLACK CSI_BISECT_SLACK

enum {
    SAMPLES = 64,
    PROBES_MOST = SAMPLES + 1 + 4 * 64, /* two searches, each of them checked */
    ENLARGED = 9 /* how often a probe without a time is */
};

struct probe {
    uint64_t at, end; /* of the first line with a time; behind the last one */
    int64_t least, most;
};

struct search {
    const struct cosend_input *input;
    const struct csi_time_span *span;
    uint64_t start, size, read;
    char *bytes;
    size_t capacity;
    struct probe probes[PROBES_MOST]; /* by where they are */
    size_t count;
    bool fails; /* the bound, within a probe */
};

/* What a probe reads at first. */
static size_t probe_bytes(void)
{
    return csi_block_bytes / 8;
}

/* ---- Probes -------------------------------------------------------------- */

/* The times of whole lines. False where there is none. */
static bool look_at(struct search *search, const char *start, const char *end,
                    uint64_t offset, struct probe *probe)
{
    const char *line = start, *behind;
    bool found = false;
    int64_t time;

    for (; line < end &&
           (behind = memchr(line, search->span->end, (size_t)(end - line)));
         line = behind + 1) {
        if (csi_log_time(line, (size_t)(behind - line), search->span->place,
                         &search->span->context, &time) != CSI_LOG_TIMED)
            continue;
        if (!found)
            *probe =
                (struct probe){offset + (size_t)(line - start), 0, time, time};
        search->fails |=
            probe->most > INT64_MIN + SLACK && probe->most - SLACK > time;
        probe->end = offset + (size_t)(behind + 1 - start);
        probe->least = time < probe->least ? time : probe->least;
        probe->most = time > probe->most ? time : probe->most;
        found = true;
    }
    return found;
}

static void note_probe(struct search *search, const struct probe *probe)
{
    size_t i = search->count;

    if (search->count == PROBES_MOST)
        return;
    for (; i && search->probes[i - 1].at > probe->at; i--)
        search->probes[i] = search->probes[i - 1];
    search->probes[i] = *probe;
    search->count++;
}

/* Look at the lines that start behind an offset, or at it where it is the
   start. False where none has a time. */
static bool probe_at(struct search *search, uint64_t offset,
                     struct probe *probe)
{
    size_t bytes = probe_bytes();

    for (int i = 0; i < ENLARGED; i++, bytes *= 2) {
        const char *start, *end;

        if (!csi_grow(&search->bytes, &search->capacity, bytes, 1))
            return false;
        end = search->bytes +
              csi_input_read_at(search->input, offset, search->bytes, bytes);
        search->read += (size_t)(end - search->bytes);
        start = search->bytes;
        if (offset > search->start) {
            start = memchr(start, search->span->end, (size_t)(end - start));
            start = start ? start + 1 : end;
        }
        if (look_at(search, start, end,
                    offset + (size_t)(start - search->bytes), probe)) {
            note_probe(search, probe);
            return true;
        }
        if ((size_t)(end - search->bytes) < bytes)
            break;
    }
    return false;
}

/* The last lines, as far from the end as one with a time is. */
static void probe_end(struct search *search)
{
    uint64_t back = probe_bytes();
    struct probe probe;

    for (int i = 0; i < ENLARGED && back < search->size - search->start; i++) {
        if (probe_at(search, search->size - back, &probe))
            break;
        back *= 2;
    }
}

static void take_samples(struct search *search)
{
    uint64_t bytes = search->size - search->start;
    uint64_t count = bytes / (4 * probe_bytes());
    struct probe probe;

    if (count > SAMPLES)
        count = SAMPLES;
    for (uint64_t i = 0; i < count; i++)
        probe_at(search, search->start + bytes / count * i, &probe);
    if (count)
        probe_end(search);
}

/* Whether the bound holds, as far as was looked. */
static bool holds(const struct search *search)
{
    const struct probe *probes = search->probes;

    for (size_t i = 0; i < search->count; i++)
        for (size_t j = i + 1; j < search->count; j++)
            if (probes[j].at >= probes[i].end &&
                probes[i].most > INT64_MIN + SLACK &&
                probes[i].most - SLACK > probes[j].least)
                return false;
    return !search->fails;
}

/* ---- The search ---------------------------------------------------------- */

/* Of an hour that a zone's clocks show twice the first is known, and either is
   of the span. */
static int64_t slack_before(const struct csi_time_span *span)
{
    return SLACK + (span->context.zone ? CSI_SPAN_TWICE : 0);
}

static bool is_before(const struct search *search, const struct probe *probe)
{
    return probe->most < search->span->from - slack_before(search->span);
}

static bool is_behind(const struct search *search, const struct probe *probe)
{
    return probe->least >= search->span->to + SLACK;
}

/* Look around a result, ever further away. */
static void check_around(struct search *search, uint64_t at)
{
    struct probe probe;

    for (uint64_t step = probe_bytes(); step < search->size; step *= 2) {
        if (at > search->start && at - search->start > step)
            probe_at(search, at - step, &probe);
        if (search->size - at > step)
            probe_at(search, at + step, &probe);
    }
}

/* Where reading may begin. */
static uint64_t find_from(struct search *search)
{
    uint64_t lo = search->start, hi = search->size;
    struct probe probe;
    size_t i = 0;

    if (search->span->from < INT64_MIN + slack_before(search->span))
        return lo;
    for (; i < search->count && is_before(search, &search->probes[i]); i++)
        lo = search->probes[i].at;
    if (i < search->count)
        hi = search->probes[i].at;
    while (hi - lo > 2 * probe_bytes()) {
        uint64_t middle = lo + (hi - lo) / 2;

        if (probe_at(search, middle, &probe) && probe.at < hi &&
            is_before(search, &probe))
            lo = probe.at;
        else
            hi = middle;
    }
    if (lo > search->start)
        check_around(search, lo);
    return lo;
}

/* Where it may end. */
static uint64_t find_to(struct search *search)
{
    uint64_t lo = search->start, hi = search->size, to = hi;
    struct probe probe;
    size_t i = search->count;

    if (search->span->to > INT64_MAX - SLACK)
        return to;
    for (; i && is_behind(search, &search->probes[i - 1]); i--)
        hi = to = search->probes[i - 1].at;
    if (i)
        lo = search->probes[i - 1].at;
    while (hi - lo > 2 * probe_bytes()) {
        uint64_t middle = lo + (hi - lo) / 2;

        if (!probe_at(search, middle, &probe) || probe.at >= hi)
            hi = middle;
        else if (is_behind(search, &probe))
            hi = to = probe.at;
        else
            lo = probe.at;
    }
    if (to < search->size)
        check_around(search, to);
    return to;
}

bool csi_bisect(const struct cosend_input *input,
                const struct csi_time_span *span, uint64_t start, uint64_t size,
                struct csi_part *part)
{
    struct search *search = csi_calloc(1, sizeof(*search));

    *part = (struct csi_part){.from = start, .to = size};
    if (!search)
        return false;
    search->input = input;
    search->span = span;
    search->start = start;
    search->size = size;
    take_samples(search);
    if (search->count > 1 && holds(search)) {
        part->from = find_from(search);
        part->to = find_to(search);
        part->ascends = holds(search);
    }
    if (!part->ascends) {
        part->from = start;
        part->to = size;
    }
    part->read = search->read;
    csi_free(search->bytes);
    csi_free(search);
    return true;
}
