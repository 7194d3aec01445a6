/* SPDX-License-Identifier: MIT */
/*
 * cosend: data pipelines of push coroutines. What is where, a line a file;
 * tests/check-map.sh compares it with the tree.
 *
 *   lib/base/                what every room needs; knows nothing of the others
 *     base.c                 the allocator and errors in force
 *     base64.c               bytes as base64
 *     bytes.c                bytes that states are saved as
 *     digest.c               digests of text, with a key or without
 *     letter_case.c          lower, upper and title case, of Unicode
 *     magic.c                the first bytes of what is compressed
 *     powers_of_ten.c        those that 64 bits hold
 *     short.c                masks to copy and compare up to 32 bytes by
 *     simd.c                 the vector instructions of this machine
 *     sized.c                structs of programs that may grow
 *     suggest.c              the nearest word to a misspelt one
 *     text.c                 growing text, JSON strings, UTF-8
 *     together.c             one task in parts, by several threads
 *     version.c              which cosend this is
 *   lib/coroutine/           the yield data model; knows nothing of records
 *     ask.c                  what can be asked of a coroutine
 *     bury.c                 what is left of one that is over
 *     causes.c               chains of errors
 *     close.c                closing and freeing
 *     hook.c                 functions of the user's that are called in between
 *     make.c                 making
 *     object.c               the object; its header says how it all fits
 *     outside.c              calls on the thread's own stack, from inside
 *     raise.c                errors inside a body
 *     refusal.c              errors that say what one will not do
 *     resume.c               sending, throwing
 *     route.c                who delegates to whom, and who runs then
 *     signal_stack.c         where handlers run in our threads
 *     stack.c                mapped, guarded, pooled stacks
 *     switch/aarch64.S       the context switch for AArch64
 *     switch/ucontext.c      the same for machines without one of ours
 *     switch/x86_64.S        the same for x86-64
 *     thread.c               whose a coroutine is
 *     unwind.c               what unwinding meets at the end of a stack
 *     yield.c                the inside: yielding, delegating, ending
 *   lib/record/              blocks of input, records, batches of them
 *     access_log.c           cutting any line of an access log
 *     access_log_columns.c   the forms that have names, and what fields become
 *     access_log_format.c    forms by the settings of a server
 *     access_log_forms.c     forms by their manuals
 *     access_log_lines.c     lines that lie together, and what ends fields
 *     access_log_names.c     what servers call their fields, and what we do
 *     access_log_plain.c     cutting plain lines, many at once
 *     access_log_settings.c  reading log_format and LogFormat
 *     arena.c                memory that is released as a whole
 *     bar.c                  numbers drawn as bars
 *     batch.c                columns of cells, by row and by position
 *     batch_cells.c          a column as an array, for host programs
 *     byte_bitmaps.c         where certain bytes are, 64 at a time
 *     byte_bitmaps_lines.c   cutting lines by them
 *     byte_bitmaps_neon.c    the kernels for AArch64
 *     byte_bitmaps_x86.c     the kernels for SSE2, AVX2 and AVX-512
 *     calendar.c             days and dates
 *     column.c               cells that come to be when somebody asks
 *     column_numbers.c       columns as numbers
 *     conversion.c           cells made what they are to be
 *     duration.c             90s and 1h30m
 *     find.c                 where bytes are, for filters
 *     line_form.c            fields of lines, and their values
 *     line_forms.c           forms by what programs log with
 *     line_layout.c          lines by the layouts of their parts
 *     line_level.c           levels of logs
 *     line_log4j.c           patterns of log4j, read
 *     line_maker.c           a form that is made part by part
 *     line_mysql_slow.c      entries of the slow query log
 *     line_pattern.c         forms by a pattern that a program has
 *     line_prefix.c          PostgreSQL's log_line_prefix, read
 *     line_servers.c         forms that servers write
 *     line_structured.c      structured data of syslog
 *     line_syslog.c          syslog, and the journal
 *     line_time.c            times by how they look
 *     log_time.c             the time that a line of a log has
 *     number_compare.c       two decimals in order, exactly
 *     number_fixed.c         numbers with so many digits behind the point
 *     number_format.c        double to the shortest decimal (Schubfach)
 *     number_forms.c         a number between its text and a column
 *     number_parse.c         decimal to double
 *     number_powers.c        the powers of ten that both multiply by
 *     recognize.c            cards, mail and network addresses in text
 *     record_items.c         one record's cells and items, and where it is from
 *     rows.c                 blocks, and the records that were cut from them
 *     schema.c               the names of columns
 *     schema_bytes.c         a schema as bytes
 *     template.c             text with fields in it, filled
 *     sort_key.c             the order of cells, in 64 bits
 *     time_format.c          how times are written, compiled
 *     time_forms.c           RFC 3339, access logs', syslog's, epochs
 *     time_parse.c           a text to a time
 *     time_parts.c           from its parts to a time
 *     time_print.c           a time to text
 *     time_scan.c            what written times are made of
 *     time_slice.c           time in slices of one length, or by the calendar
 *     time_span.c            which lines are of a span of time
 *     time_unit.c            starts of days, weeks, months
 *     value.c                cells as integers, doubles, decimals, text
 *     value_compare.c        the order of all values
 *     zone.c                 offsets by time
 *     zone_file.c            tzdata's files (TZif)
 *     zone_name.c            from a zone's name to its table
 *     zone_rule.c            the rule for years to come (POSIX TZ)
 *   lib/match/               patterns
 *     block_search.c         lines that may match, by a program over many
 *     bloom.c                sets of words with a few too many
 *     byte_set.c             sets of bytes, as a pattern's classes are
 *     bytes.c                how frequent bytes are, and their letter case
 *     empty_word.c           a word of no letters, somewhere in a text
 *     event_lines.c          which lines belong to those before them
 *     event_lines_known.c    the lines that languages and servers print
 *     grok.c                 patterns, and the fields that they make
 *     grok_expand.c          patterns that name others, as PCRE2 has them
 *     grok_fields.c          the fields of a pattern, while it is written
 *     grok_known.c           those that are known by name
 *     letters.c              what is beside a word, in Unicode
 *     line_finder.c          lines that may match, by strings that a match has
 *     line_search.c          lines that match, many at a time
 *     line_sieve.c           the same before lines are cut
 *     literal.c              strings that a pattern's match must contain
 *     literal_set.c          a pattern that is strings, dealt out to searches
 *     needle.c               a string, and what it is followed by
 *     pattern_compile.c      from what was written to a program
 *     pattern_file.c         a list of patterns from a file
 *     pattern_list.c         several patterns, of which any may match
 *     pattern_text.c         what can be said of a pattern from its text
 *     program.c              a pattern as PCRE2 has it, and matches that end
 *     regex.c                patterns (PCRE2), or what is faster
 *     regex_find.c           where matches are
 *     replacement.c          other text in the place of matches
 *     scratch.c              what PCRE2 writes in during a match, by thread
 *     substring.c            one string in long text
 *     teddy.c                a few strings in long text
 *     teddy_buckets.c        which of them go together
 *     teddy_scan.c           where they may be, by vector instructions
 *     volnitsky.c            any number of strings in long text
 *     volnitsky_index.c      what it knows of them: grams, windows, buckets
 *     wildcards.c            patterns of *
 *   lib/group/               groups by key, and sums that are exact
 *     appearance.c           the order in which groups appeared
 *     index.c                rows of cells by key, for lookup
 *     joint_index.c          one index over the tables of several threads
 *     key.c                  cells as a key's bytes
 *     profile.c              types and lengths of a column's values
 *     sum.c                  a sum: a 128-bit count, and the one below
 *     sum_round.c            a sum's value, rounded once
 *     superaccumulator.c     a sum of any doubles without rounding
 *     table.c                the hash table of groups
 *     tally.c                how often each value was there
 *   lib/io/                  where bytes come from and go to
 *     append.c               what a file holds that is appended to
 *     atomic.c               files that appear as a whole
 *     changes.c              files that are written to end a wait
 *     escape.c               text that a terminal is safe from
 *     follow.c               growing and rotated files, by name
 *     input.c                files and pipes
 *     io.c                   waits and wakes
 *     map.c                  a file where the system has it in memory
 *     output.c               buffered output
 *     output_end.c           committing it, or giving it up
 *     output_open.c          from a path to an output
 *     pack.c                 gzip and zstd, written
 *     path.c                 what a path names
 *     path_pattern.c         paths with wildcards, and the files that fit
 *     spill.c                files without a name, for what memory is not
 *     unpack.c               gzip and zstd, read
 *   lib/format/              text, csv, tsv, jsonl, table: readers and writers
 *     columns_read.c         the readers of words with blanks between
 *     csv_begin.c            the start of a CSV file, up to its first record
 *     csv_cells.c            the cells of one CSV row, by libcsv or the grammar
 *     csv_clean.c            cells that were read without quotes, written so
 *     csv_columns.c          the columns of a CSV file, from its header
 *     csv_cut.c              the grammar of CSV, and where rows end by it
 *     csv_encode.c           one cell with its quotes or escapes
 *     csv_faults.c           CSV rows that are no records
 *     csv_fill.c             columns of CSV, filled on demand
 *     csv_header.c           a header of several rows
 *     csv_index.c            CSV rows and cells, 64 bytes at a time
 *     csv_lines.c            lines of text as CSV
 *     csv_made.c             records that a filter made, as CSV
 *     csv_names.c            names of a header: free of doubles
 *     csv_read.c             the CSV and TSV reader
 *     csv_record.c           one record, by the writer
 *     csv_rules.c            what a CSV reader goes by, from its options
 *     csv_walk.c             CSV rows with more cells than columns
 *     csv_write.c            the writer of CSV and TSV, and of words
 *     encoder.c              a writer for bytes of the caller's
 *     field_use.c            which of the fields that steps name there are
 *     fields.c               records of an open schema fitted to the first's
 *     format.c               the table of formats
 *     format_options.c       which format has which option
 *     json_cell.c            members of an object as names and cells
 *     json_columns.c         records of named columns as JSON
 *     json_cut.c             where values begin and end in a stream of JSON
 *     json_indent.c          a JSON value on many lines
 *     json_kind.c            whether a cell is of its kind in JSON
 *     json_put.c             cells and records as JSON
 *     json_rows.c            rows along their bytes as JSON objects
 *     json_read.c            the reader of JSON arrays and values
 *     json_scan.c            a JSON value checked, and its members found
 *     json_shape.c           JSON lines that look like the one before
 *     json_sort.c            members by name, and JSON in ASCII
 *     json_special.c         where bytes of JSON do not stand for themselves
 *     json_value.c           a cell as JSON
 *     json_walk.c            what is in an array or object, and at a path
 *     jsonl_read.c           the JSON-lines reader
 *     jsonl_write.c          the JSON-lines writer
 *     line_reader.c          cutting lines, for every reader of them
 *     markdown_write.c       tables in Markdown
 *     names.c                the names of formats
 *     open_columns.c         columns of records that name their fields
 *     pair_cef.c             ArcSight's Common Event Format
 *     pair_csv.c             one line of CSV in a field
 *     pair_cutter.c          text that names its fields, by its form
 *     pair_forms.c           the table of those forms
 *     pair_json.c            JSON in a field; Docker's and Caddy's logs
 *     pair_kv.c              pairs with separators of the user's
 *     pair_logfmt.c          logfmt in a field
 *     pair_options.c         the option rows of those forms
 *     pair_w3c.c             the W3C's extended log format
 *     pairs.c                pairs of name and value: LTSV, logfmt, XTAB
 *     pairs_read.c           the readers of records of pairs
 *     pairs_write.c          their writers
 *     paragraphs.c           cutting records of several lines
 *     plain_cells.c          which cells can be copied as they are
 *     reader_options.c       the option rows of readers
 *     row_cells.c            the cells of one record after another
 *     row_slices.c           rows whose cells lie one behind the other
 *     table_border.c         what is drawn around cells
 *     table_columns.c        columns of a table, narrowed to fit
 *     table_round.c          numbers with so many digits
 *     table_rows.c           rows of a table along their bytes
 *     table_width.c          how wide characters are
 *     table_write.c          tables for people
 *     template_write.c       lines that a template makes
 *     text_read.c            lines of text: a record each
 *     text_write.c           cells, by tabs
 *     write.c                what writers share
 *     writer_options.c       the option rows of writers
 *   lib/expression/          expressions, and conditions
 *     arithmetic.c           integers, doubles, times, calculated
 *     builder.c              terms made and typed, and what is wrong with them
 *     call.c                 calls of functions, made and checked
 *     comparison.c           two values, or a column beside a number
 *     computed.c             what a step computed, as it is
 *     condition.c            and, or, not, and comparisons as data, judged
 *     condition_batch.c      conditions on all records of a batch
 *     evaluate.c             terms over the records of a batch
 *     evaluate_field.c       their fields, and paths into these
 *     evaluation.c           the values that terms have
 *     expression.c           a text to a term, constants folded
 *     functions.c            the table of functions
 *     functions_nested.c     those of arrays and objects
 *     functions_net.c        those of addresses
 *     functions_pattern.c    those of patterns
 *     functions_code.c       those of hashes and encodings
 *     functions_number.c     those of numbers
 *     functions_text.c       those of text
 *     functions_time.c       those of time
 *     lexer.c                a text's words
 *     parser.c               operators by precedence
 *     verdict.c              values as true, false or bad
 *   lib/plan/                a pipeline, checked and not yet running
 *     field_pattern.c        *_time, a-c, #3, !x: what they take
 *     option_rows.c          walking the option rows of a filter
 *     options.c              a step's options, released
 *     plan.c                 nodes and the links between them
 *   lib/spec/                from JSON, or one line, to a plan
 *     behind.c               steps that stand for options of the source
 *     check.c                what a filter's check may call
 *     check_format.c         the check of reader's and writer's options
 *     check_span.c           the check of since, until
 *     condition_json.c       conditions from JSON, and back
 *     condition_words.c      the words of conditions, and others' for them
 *     document.c             a JSON document that knows its places
 *     document_places.c      the scan for them
 *     document_syntax.c      what is wrong with one, and what to write
 *     expand.c               the canonical form (check --expand)
 *     endless.c              steps that records without an end would fill
 *     graph.c                from, steps and to: nodes and links
 *     ids.c                  the ids of steps
 *     inputs.c               steps whose records another step takes
 *     jansson.c              jansson on our allocator
 *     line_expression.c      expressions in a line, as they stand
 *     line_habits.c          options of other programs in a line
 *     line_json.c            the spec that a line stands for
 *     line_strays.c          words of a line that have no place
 *     line_values.c          values from words
 *     loose_end.c            links that are still open, and joins
 *     number_json.c          numbers of any length in JSON
 *     oneline.c              one line to the same JSON
 *     option.c               a step's options: by the rows of its filter
 *     option_choices.c       those that are one of several words
 *     option_expression.c    expressions, compiled where they stand
 *     option_items.c         one option's value, with what is in it
 *     option_scalars.c       values that have none inside
 *     option_template.c      text with fields in it
 *     option_units.c         numbers, and what has a unit
 *     params.c               ${name} put in place
 *     peer_names.c           what other programs call filters
 *     plugin.c               plug-ins, loaded
 *     plugin_stamp.c         what is read of one before that
 *     problems.c             problems with their places
 *     registry.c             all filters by name
 *     row_check.c            whether a filter's row can be worked with
 *     spec.c                 the whole of a spec
 *     step.c                 one step of it
 *     step_keys.c            what a step has beside its filter
 *     step_strings.c         steps that are strings, in that grammar
 *     string_spots.c         where the characters of a JSON string stand
 *     targets.c              one writer a file
 *     values.c               JSON values with their places
 *     words.c                the words of one line: quotes, backslashes
 *   lib/stage/               one stage at work, and its edges
 *     aggregate.c            count, sum, mean, min, ...: a row each
 *     aggregate_chosen.c     min, max, range, first, last
 *     aggregate_input.c      what aggregates add, laid side by side
 *     aggregate_call.c       "slowest=max(ms)", read
 *     aggregate_distinct.c   how many values differ (HyperLogLog)
 *     aggregate_list.c       all of them behind one another
 *     aggregate_mode.c       which there is most often
 *     aggregate_moments.c    variances
 *     aggregate_names.c      what functions are called
 *     aggregate_quantiles.c  median and percentiles (DDSketch)
 *     aggregates.c           several of them in one pass, by group
 *     aggregates_block.c     records that are added at a time
 *     aggregates_emit.c      a record for each group
 *     aggregates_joint.c     those whose groups several threads find together
 *     aggregates_merge.c     as bytes, and of several threads
 *     announce.c             schemas going down the graph
 *     answer.c               what functions of a row answer that is none
 *     around.c               records that are near those chosen
 *     bad.c                  records that a step cannot use: on_error
 *     bad_line.c             lines of another form, and of which
 *     body.c                 a stage from its making to its freeing
 *     by_fields.c            which records are the same, and have a name
 *     callbacks.c            the body of filters that are callbacks
 *     changes.c              fields that get new values
 *     choose_form.c          the form of lines, by the first one
 *     compared_fields.c      fields beside what they are compared with
 *     cut_fields.c           fields cut out of one, a batch at a time
 *     dispatch.c             a batch to all targets
 *     edge.c                 batches, news and the end, to one target
 *     emit.c                 records going out, and their batches
 *     events.c               records made of the lines of several
 *     expressions.c          expressions over the batch in hand
 *     field_edits.c          fields of open records kept, dropped, moved
 *     field_types.c          fields made what they are to be
 *     groups.c               groups of `by`
 *     groups_joint.c         those that several threads make together
 *     groups_merge.c         groups that become part of others
 *     groups_parts.c         those of several threads, united where they lie
 *     in_span.c              whether a record was seen to be of the span
 *     inside.c               fields that are inside others
 *     join.c                 branches together again, in order
 *     layout.c               which columns an output has, and in which order
 *     led_paths.c            which paths into fields lead somewhere
 *     kept.c                 records held beyond the next receive
 *     kept_bytes.c           the same as bytes
 *     log_forms.c            all forms of lines by name
 *     log_lines.c            lines of access logs, a batch at a time
 *     made_columns.c         columns made of a field: their room and types
 *     made_rows.c            rows of records that were made of others
 *     match_batch.c          a pattern asked for all of a batch
 *     matches.c              lists of fields with patterns
 *     no_column.c            what is told of fields that are no columns
 *     open_fields.c          fields that a body sets by their names
 *     output_schema.c        the schema of what a stage sends
 *     own_items.c            fields of the records that others are made of
 *     pair_fields.c          fields of records beside those of their texts
 *     pair_lines.c           texts that name their fields, taken apart
 *     pair_rows.c            objects of JSON, as the reader of lines has them
 *     pen.c                  the added columns of the next record
 *     pieces.c               many made records, a batch a thread
 *     receive.c              the batch in hand, and news
 *     rename_items.c         fields of open records under other names
 *     renamed_rows.c         records whose fields have other names
 *     recipe.c               what a body declares of its output
 *     seen_fields.c          which fields the records that it made have
 *     set_fields.c           fields set by name, found again
 *     shared.c               what the stages of a run share
 *     source.c               what sources wait for
 *     stage.c                how a stage ends, and what it may ask
 *     state.c                what a body published, as bytes
 *     store.c                many records, sorted, in bounds
 *     store_bytes.c          the same as bytes
 *     store_chunks.c         where those in memory are
 *     store_next.c           taking them out
 *     store_order.c          their order
 *     store_runs.c           those on disk, and their merge
 *     stored.c               one of them, as few bytes
 *     stored_batch.c         batches of them again
 *     wait.c                 waiting for times, descriptors, inputs; flushes
 *     wanted.c               which fields are asked for, up the graph
 *     whole_batches.c        columns of all the batch in hand
 *     windows.c              aggregates by window, and when these end
 *   lib/run/                 a run of all stages
 *     deliveries.c           what the host's callbacks are called with
 *     field_origin.c         where the fields of a stage's records are from
 *     finish.c               the end, and how a run ended
 *     late.c                 errors of records that nobody wanted
 *     ledger.c               what was counted twice, and must agree
 *     outputs.c              which files appear at the end
 *     pause.c                between two batches: reports, snapshots
 *     rejects.c              bad records in order
 *     reject_text.c          one as a JSON line, and for people
 *     run.c                  made, primed, freed
 *     screen.c               snapshots drawn over one another, on a terminal
 *     snapshot.c             results so far
 *     state_transfer.c       states from one run to another
 *     states.c               all that was published, as bytes
 *     untimed.c              lines that are of a span by those before them
 *     unmatched.c            patterns that matched nothing, by habit of others
 *     unseen.c               fields that no record had
 *   lib/read/                from bytes to batches, in one thread or several
 *     ahead.c                records cut before their place is known
 *     bisect.c               the part of a log that is of a span of time
 *     block_size.c           how many bytes are read at a time
 *     chunk.c                a block of records, and what came of it
 *     chunker.c              the block that is filled and cut
 *     cut.c                  the block that is cut next, and room behind it
 *     encode.c               what sinks write, encoded beside them
 *     extent.c               a file in parts, each read by itself
 *     feed.c                 one thread or several
 *     parallel_region.c      which stages may run in several threads
 *     last_records.c         where the last ones of a followed file begin
 *     retire.c               what came of a chunk becomes the run's
 *     ring.c                 chunks under way, in order
 *     sift.c                 what need not be read, where few lines are wanted
 *     torn.c                 the record in which an input breaks off
 *     turn.c                 reading the next chunk
 *     worker.c               one thread's own run
 *     workers.c              all threads: tasks, rest, the end
 *     workers_merge.c        what they counted and published
 *   lib/endpoint/            what sources and sinks are made of
 *     callback.c             the sink that calls the host program
 *     file_start.c           compressed data that nobody unpacked
 *     given_error.c          an error that the program made itself
 *     header.c               the header of what is appended to
 *     merge.c                several logs as one, by time
 *     merge_log.c            one of them, in order
 *     merge_time.c           by which time a record is merged
 *     paint.c                colors for people, on lines that are written
 *     partitions.c           the sink that writes a file for each value
 *     partition_path.c       which, and where it may be
 *     push.c                 the source that it pushes into
 *     read.c                 the body of sources
 *     read_index.c           a table as an index, by names of its columns
 *     read_names.c           which files, and in which format
 *     read_table.c           a table that a step looks things up in
 *     read_span.c            reading of a log what is of a span of time
 *     sink.c                 one output, and what is written to it
 *     source_feed.c          bytes to records, for sources of one's own
 *     write.c                the body of sinks
 *   lib/pipeline/            the host program's half
 *     aggregate_options.c    functions of fields, as users write them
 *     check_filter.c         a filter tried in every way, for its author
 *     drive.c                open, run, finish; which call may come when
 *     driver.c               which thread may drive, and from where
 *     filter_claims.c        what its row says of it, tried
 *     filter_memory.c        what it leaks, and without memory
 *     filter_row.c           what its row says for people
 *     filter_ways.c          batches, pieces, threads
 *     findings.c             what is told of it
 *     grok_options.c         patterns, as users write them
 *     host_options.c         what a host program hands in
 *     line.c                 what a line stands for: a spec, calls
 *     option_spec.c          specs with an option's example
 *     partial.c              results so far, saved and merged
 *     pipeline.c             made from a spec, a line, or call by call
 *     program_options.c      how programs write, as their settings say it
 *     pushing.c              bytes, records and files that a host pushes
 *     report.c               what was counted and returned
 *     trial.c                one run of it
 *     trial_input.c          records of every kind, for it
 *     twins.c                the functions of headers, as symbols
 *   filters/                 a file each filter, source and sink
 *     aggregate.c            several functions of fields at once
 *     average.c              means
 *     bar.c                  numbers beside bars of their length
 *     between.c              what is of a span of time
 *     broadcast.c            every record to every branch
 *     builtin.c              filters.def, which lists them all
 *     case.c                 letters in another case
 *     convert.c              numbers, truth, text, times of fields
 *     count.c                how many
 *     date.c                 times read by some formats, printed by another
 *     dedup.c                one of those that are the same
 *     drop.c                 without some fields
 *     enumerate.c            the number of each record
 *     expect.c               whether records are as they should be
 *     explode.c              a record for each of several values
 *     file_sink.c            a file, written
 *     file_source.c          files, read
 *     fill.c                 a value where there is none
 *     flatten.c              fields of what is in objects
 *     format.c               lines of fields, by a template
 *     fraction.c             what part a number is of its sum
 *     frequency.c            the commonest values
 *     generate.c             records made up
 *     grep.c                 records that match a pattern
 *     hash.c                 digests in the place of fields
 *     head.c                 the first ones
 *     histogram.c            how many numbers in each bin
 *     implode.c              one record of several values
 *     input.c                the run's files, or standard input
 *     lookup.c               what a table says of each record
 *     merge_sorted.c         several logs as one, by time
 *     multiline.c            lines that belong together, as one record
 *     null.c                 nowhere
 *     origin.c               which file a record was read from
 *     parse.c                columns from a pattern's groups, or a known log
 *     pass.c                 every record, as it is
 *     pivot.c                columns of records
 *     redact.c               cards, addresses and patterns out of fields
 *     rejoin.c               pieces of a line of a container, joined
 *     rename.c               other names
 *     replace.c              other text where a pattern matches
 *     reorder.c              the same columns elsewhere
 *     route.c                each record to the steps of its case
 *     running.c              sums, means and differences so far
 *     sample.c               some of them, by chance or each nth
 *     select.c               some columns
 *     sessionize.c           the sessions of each user, numbered
 *     set.c                  fields computed from others
 *     slice.c                from one number to another
 *     sort.c                 records in the order of fields
 *     sparkline.c            many numbers as a line of little bars
 *     split.c                several columns of one
 *     stats.c                a row for each column
 *     stderr.c               standard error
 *     stdout.c               standard output
 *     tail.c                 the last ones
 *     tap.c                  some of them, shown
 *     tee.c                  a branch beside the main line
 *     throttle.c             no more of them than so many a second
 *     timeslice.c            where the slice of time begins that each is in
 *     top.c                  those with the greatest numbers
 *     transpose.c            rows as columns, of small tables
 *     unflatten.c            objects of fields with dots
 *     unpivot.c              records of columns
 *     unsparsify.c           the same fields for all
 *     where.c                records for which a condition holds
 *     window.c               several functions, of each window of time
 *   cli/                     the command line, written on cosend.h alone
 *     check.c                check: a spec without running it
 *     check_filter.c         check-filter: in a process of its own
 *     cosend_main.c          which subcommand
 *     help.c                 help for people
 *     help_expressions.c     cosend help expressions
 *     help_json.c            help as JSON
 *     help_words.c           an option's type in words
 *     list.c                 list: one line a filter
 *     main.c                 this map
 *     new_filter.c           new-filter: a filter to begin with
 *     option_schema.c        an option as JSON Schema
 *     option_values.c        numbers and names that options take
 *     options.c              the table of options, and taking them
 *     program.c              a line as a program in C
 *     report.c               --stats, --results, the count of rejects
 *     run.c                  run, and one-liners
 *     show.c                 show: the spec or program a line stands for
 *     signals.c              what signals do to a run
 *     spec.c                 from a file or line to a pipeline; its problems
 *     terminal.c             printing that a terminal is safe from
 *     text.c                 putting text together
 *     unquoted.c             lines that lack their quotes
 *     watch.c                asking for snapshots, again and again
 *   lib/cosend.h, lib/cosend/   the public headers, installed
 *   cli/man/                    the manual pages
 *   pipelines/                  specs to run as they are, and their data
 *   tests/                      units, cases, checks, benchmarks: its README.md
 */
#include "cosend.h"

int main(int argc, char **argv)
{
    return cosend_main(argc, argv);
}
