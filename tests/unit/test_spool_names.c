#include "agent/spool/spool_things.h"

#include "common/event/reference.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NAMES 400u
#define MANY  6000u

TestSuite(spool_names, .init = spool_fixture_open, .fini = spool_fixture_close);

static uint64_t named(const char *name)
{
    uint64_t thing;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    thing = spool_fixture_allot(name, NULL);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    return thing;
}

static void assert_name(uint64_t reference, const char *wanted)
{
    char name[SPOOL_ALIAS_MAX + 1u];
    enum status rc =
        spool_name(spool, REFERENCE_ESTABLISHMENT, reference, name);

    cr_assert_eq(rc, wanted[0] != '\0' ? STATUS_OK : STATUS_NOT_FOUND);
    cr_assert_str_eq(name, wanted);
}

Test(spool_names, a_thing_is_found_by_what_it_is_called_and_the_other_way)
{
    uint64_t thing = named("quán sao mai");

    assert_name(thing, "quán sao mai");
    assert_name(thing + 1, "");
    cr_assert_eq(named("quán sao mai"), thing);
}

Test(spool_names, a_spool_of_the_format_before_gets_its_names)
{
    uint64_t one = named("karaoke hoa mai");
    uint64_t two = named("so-15");

    spool_fixture_age(3);
    assert_name(one, "karaoke hoa mai");
    assert_name(two, "so-15");
}

/* Full means no new events, never no office: least of all on the day of an
 * upgrade, when the province has been away for long. */
Test(spool_names, i6_a_full_spool_of_the_format_before_opens_with_its_names)
{
    struct event event = spool_fixture_event(1, 1);
    char name[32];
    uint64_t things[NAMES];
    uint64_t id;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (unsigned i = 0; i < NAMES; i++) {
        (void)snprintf(name, sizeof name, "co so so %u", i);
        things[i] = spool_fixture_allot(name, NULL);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    spool_fixture_save_many(MANY);
    cr_assert_eq(spool_fixture_age_full(3), STATUS_OK);
    assert_name(things[0], "co so so 0");
    assert_name(things[NAMES - 1], name);
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_FULL);
}

static void write_as(uint64_t thing, const char *written)
{
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_note_written(spool, REFERENCE_ESTABLISHMENT, thing,
                                    bytes_of_text(written)),
                 STATUS_OK);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
}

Test(spool_names, a_name_is_shown_as_it_was_written_and_found_in_any_case)
{
    char longest[SPOOL_ALIAS_MAX + 2u] = "";
    uint64_t thing = named("quán sao mai");

    write_as(thing, "Quán SAO MAI");
    assert_name(thing, "Quán SAO MAI");
    cr_assert_eq(named("quán sao mai"), thing);
    assert_name(thing, "Quán SAO MAI");
    memset(longest, 'A', SPOOL_ALIAS_MAX + 1u);
    write_as(thing, longest);
    assert_name(thing, "Quán SAO MAI");
    longest[SPOOL_ALIAS_MAX] = '\0';
    write_as(thing, longest);
    assert_name(thing, longest);
}

/* A row of a file, whose things get their numbers when it is saved. */
Test(spool_names, a_name_that_was_kept_aside_is_shown_as_it_was_written)
{
    struct event event = spool_fixture_event(1, 1);
    uint64_t first, second, id;

    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    for (unsigned i = 0; i < 2; i++) {
        first = spool_fixture_allot("karaoke hoa mai", NULL);
        cr_assert_eq(spool_note_written(spool, REFERENCE_ESTABLISHMENT, first,
                                        bytes_of_text("Karaoke Hoa Mai")),
                     STATUS_OK);
        if (i == 0) { /* a row that is refused */
            cr_assert_eq(spool_take_back(spool, REFERENCE_ESTABLISHMENT,
                                         bytes_of_text("karaoke hoa mai"),
                                         first),
                         STATUS_OK);
        }
    }
    second = spool_fixture_allot("so-15", NULL);
    cr_assert_neq(first, second);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    assert_name(named("karaoke hoa mai"), "Karaoke Hoa Mai");
    assert_name(named("so-15"), "so-15");
}

/* The copy of the office may have given the old number to another thing. */
Test(spool_names, a_name_goes_along_into_a_new_epoch)
{
    struct random_id epoch = keys_id(50);
    uint64_t thing = named("so-15");
    struct event event = spool_fixture_event(id60_number(thing), 1);
    uint64_t moved;

    write_as(thing, "SO-15");
    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, 1), STATUS_OK);
    cr_assert_eq(spool_moved(spool, REFERENCE_ESTABLISHMENT, thing, &moved),
                 STATUS_OK);
    assert_name(moved, "SO-15");
    assert_name(thing, "");
}
