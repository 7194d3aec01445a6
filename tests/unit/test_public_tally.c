/* SPDX-License-Identifier: MIT */
/* Tallies, profiles and appearances: parts of the records, counted apart and
   merged in any order, say what all of them together say. */
#include "cosend.h"

#include <stdio.h>

#include "chance.h"

enum { RECORDS = 400, PARTS = 3, COPIES = 2 };

static struct cosend_cell any_cell(void)
{
    static const struct {
        const char *text;
        enum cosend_kind kind;
    } cells[] = {{"", COSEND_TEXT},          {"", COSEND_NULL},
                 {"", COSEND_ABSENT},        {"200", COSEND_TEXT},
                 {"200", COSEND_NUMBER},     {"1.5", COSEND_NUMBER},
                 {"true", COSEND_BOOL},      {"[1]", COSEND_NESTED},
                 {"\xff\x00x", COSEND_TEXT}, {"caf\xc3\xa9", COSEND_TEXT}};
    unsigned i = draw(sizeof(cells) / sizeof(cells[0]));
    struct cosend_cell cell =
        cosend_text(cells[i].text, i == 8 ? 3 : strlen(cells[i].text));

    cell.kind = cells[i].kind;
    return cell;
}

struct state {
    struct cosend_tally tally;
    struct cosend_profile profile;
};

static void add_record(struct state *state, struct cosend_cell cell,
                       uint64_t ordinal)
{
    struct cosend_value value = cosend_value_of(cell);

    assert_int_equal(cosend_tally_add(&state->tally, cell, ordinal), COSEND_OK);
    if (!cosend_is_blank(cell))
        cosend_profile_add(&state->profile, cell, &value, ordinal);
}

static void show(const struct state *state, struct text *text)
{
    struct cosend_tallied values[16];
    size_t count = cosend_tally_top(&state->tally, 16, values);
    char line[256];

    assert_int_equal(count, cosend_tally_count(&state->tally));
    for (size_t i = 0; i < count; i++) {
        add(text, values[i].cell.data, values[i].cell.length);
        add(text, line,
            (size_t)snprintf(line, sizeof(line), " %d %d\n",
                             (int)values[i].cell.kind, (int)values[i].count));
    }
    add(text, line, cosend_profile_print(&state->profile, line));
    add(text, line,
        (size_t)snprintf(line, sizeof(line), " %d %d %d\n",
                         (int)state->profile.count, (int)state->profile.least,
                         (int)state->profile.greatest));
}

static void merge_into(struct state *into, const struct state *part)
{
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes from;

    cosend_tally_save(&part->tally, &bytes);
    cosend_profile_save(&part->profile, &bytes);
    from = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_tally_merge(&into->tally, &from), COSEND_OK);
    cosend_profile_merge(&into->profile, &from);
    assert_false(from.failed);
    assert_true(from.next == from.end);
    cosend_bytes_free(&bytes);
}

static void parts_say_what_the_whole_says(void **unused)
{
    (void)unused;
    for (int round = 0; round < 300; round++) {
        static struct text whole, merged;
        struct state all = {0}, parts[PARTS] = {0}, sum = {0};
        unsigned records = draw(RECORDS), first = draw(PARTS);

        whole.length = merged.length = 0;
        for (uint64_t i = 0; i < records; i++) {
            struct state *part = &parts[draw(PARTS)];

            /* What one record was made into is one thread's. */
            for (unsigned copies = 1 + draw(COPIES); copies; copies--) {
                struct cosend_cell cell = any_cell();

                add_record(&all, cell, i);
                add_record(part, cell, i);
            }
        }
        for (unsigned i = 0; i < PARTS; i++)
            merge_into(&sum, &parts[(first + i) % PARTS]);
        show(&all, &whole);
        show(&sum, &merged);
        assert_true(is_same(&whole, &merged));
        for (unsigned i = 0; i < PARTS; i++)
            cosend_tally_free(&parts[i].tally);
        cosend_tally_free(&all.tally);
        cosend_tally_free(&sum.tally);
    }
}

static void nothing_is_a_tally_too(void **unused)
{
    struct cosend_tally none = {0};
    struct cosend_profile empty = {0};
    struct cosend_tallied values[1];
    char text[COSEND_PROFILE_MAX];
    uint64_t less = 9;

    (void)unused;
    assert_int_equal(cosend_tally_count(&none), 0);
    assert_int_equal(cosend_tally_top(&none, 1, values), 0);
    assert_int_equal(cosend_tally_top(&none, 0, values), 0);
    assert_int_equal(cosend_profile_print(&empty, text), 5);
    assert_string_equal(text, "empty");
    assert_int_equal(cosend_tally_thin(&none, 0, &less), COSEND_OK);
    assert_int_equal(less, 0);
    cosend_tally_free(&none);
    cosend_tally_free(&none);
}

/* What is forgotten takes as much from all others as it was there. */
static void a_tally_is_thinned(void **unused)
{
    static const char *const words[] = {"a", "b", "a", "c", "a",
                                        "c", "d", "b", "a"};
    struct cosend_tally tally = {0};
    struct cosend_tallied values[4];
    uint64_t less = 9;

    (void)unused;
    for (size_t i = 0; i < 9; i++)
        cosend_tally_add(&tally, cosend_text(words[i], 1), i);
    assert_int_equal(cosend_tally_thin(&tally, 4, &less), COSEND_OK);
    assert_int_equal(less, 0);
    assert_int_equal(cosend_tally_thin(&tally, 3, &less), COSEND_OK);
    assert_int_equal(less, 1);
    assert_int_equal(cosend_tally_top(&tally, 4, values), 3);
    assert_int_equal(values[0].count, 3);
    assert_memory_equal(values[1].cell.data, "b", 1);
    assert_int_equal(values[1].count, 1);
    /* b and c are there as often as what is forgotten. */
    assert_int_equal(cosend_tally_thin(&tally, 2, &less), COSEND_OK);
    assert_int_equal(less, 1);
    assert_int_equal(cosend_tally_count(&tally), 1);
    assert_int_equal(cosend_tally_thin(&tally, 0, &less), COSEND_OK);
    assert_int_equal(less, 2);
    assert_int_equal(cosend_tally_count(&tally), 0);
    cosend_tally_free(&tally);
}

/* Each is refused, or is a tally. */
static void any_byte_may_be_wrong(void **unused)
{
    struct cosend_tally tally = {0};
    struct cosend_bytes bytes = {0};
    struct cosend_appearance place = {0};

    (void)unused;
    for (uint64_t i = 0; i < 20; i++)
        cosend_tally_add(&tally, any_cell(), i);
    cosend_tally_save(&tally, &bytes);
    for (size_t i = 0; i < bytes.length * 8; i++) {
        struct cosend_tally other = {0};
        struct cosend_reader_bytes from;

        bytes.data[i / 8] ^= (unsigned char)(1 << i % 8);
        from = cosend_read_bytes(bytes.data, bytes.length - draw(2));
        cosend_tally_merge(&other, &from);
        bytes.data[i / 8] ^= (unsigned char)(1 << i % 8);
        cosend_tally_free(&other);
    }
    cosend_bytes_clear(&bytes);
    cosend_appearance_save(&(struct cosend_appearance){5, 2}, &bytes);
    for (uint64_t first = 4; first < 7; first++) {
        struct cosend_reader_bytes from =
            cosend_read_bytes(bytes.data, bytes.length);

        place = (struct cosend_appearance){first, 2};
        assert_int_equal(cosend_appearance_merge(&place, &from), first > 5);
        assert_int_equal(place.first, first > 5 ? 5 : first);
    }
    cosend_bytes_free(&bytes);
    cosend_tally_free(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_say_what_the_whole_says),
        cmocka_unit_test(nothing_is_a_tally_too),
        cmocka_unit_test(a_tally_is_thinned),
        cmocka_unit_test(any_byte_may_be_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
