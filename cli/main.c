/* SPDX-License-Identifier: MIT */
/*
 * cosend: data pipelines of push coroutines. What is where:
 *
 *   lib/base/                the allocator, errors, JSON with its places, words
 *     base.c                 allocator and errors in force
 *     bytes.c                bytes that states are saved as
 *     document.c json.c      a JSON document that knows where each value stands
 *     scan.c                 what the two above read it with
 *     suggest.c              the nearest word to a misspelt one
 *   lib/coroutine/           the yield data model; knows nothing of records
 *     coroutine.c            new, prime, send, yield, close
 *     raise.c delegate.c     errors and their causes; yield from
 *     stack.c switch/        mapped, guarded, pooled stacks; the switches
 *   lib/record/              blocks, batches, schemas
 *     arena.c rows.c         memory, and records as they were read
 *     schema.c batch.c       columns, and records on their way
 *     walk.c                 a record's fields, one by one
 *     number_*.c             decimal to double and back, whatever the locale
 *   lib/match/               patterns (PCRE2) and conditions
 *   lib/group/               groups by key, and sums that are exact
 *   lib/io/                  where bytes come from and go to
 *     io.c input.c follow.c  waits and wakes; files, pipes, growing files
 *     output.c atomic.c      buffered output; files that appear as a whole
 *     escape.c               text that a terminal is safe from
 *   lib/format/              text, csv, tsv, jsonl, table: a reader, a writer
 *   lib/pipeline/            from a spec to a run
 *     spec*.c oneline.c      JSON and one-liners, checked; params.c option.c
 *     plan.c expand.c        what was checked, and its canonical form
 *     recipe.c stage.c       what a filter declares; its coroutine
 *     emit.c edge.c join.c   records going down, apart, and together again
 *     keep.c groups.c        records held back; groups of `by`
 *     read.c feed.c write.c  the bodies of sources and sinks
 *     run.c reject.c         a run and its ledger; bad records
 *     snapshot.c pipeline.c  results so far; the host program's half
 *     registry.c             all filters by name
 *   lib/cosend.h cosend/     the public face, installed
 *   filters/                 one file a filter, source or sink; filters.def
 *   cli/                     the command line, written on cosend.h alone
 *     cosend_main.c          which subcommand
 *     options.c              the table of options, and taking them
 *     spec.c                 from a file or a line to a pipeline; its problems
 *     run.c check.c          the subcommands, with ...
 *     list.c help*.c         ... those that print the table of filters
 *     signals.c              what signals do to a run; stack overflows
 *     report.c               --stats, --results, the count of rejects
 *     text.c terminal.c      putting text together, and printing it safely
 *     man/                   the manual page
 *   pipelines/               specs to run as they are, and their data
 *   tests/                   units, cases, faults, conformance, benchmarks
 */
#include "cosend.h"

int main(int argc, char **argv)
{
    return cosend_main(argc, argv);
}
