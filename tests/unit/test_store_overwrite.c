#include "tests/support/store_fixture.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES     400u
#define VALUE_MAX  12000u
#define ROUNDS     6u
#define FILE_BYTES (32u << 20)

/* Values that say in every eight bytes of them whether they are to go. */
static uint64_t seed;
static size_t sizes[VALUES];
static uint8_t content[VALUE_MAX];

static struct bytes value_of(unsigned i)
{
    for (size_t at = 0; at < sizes[i]; at += 8) {
        char part[9];

        (void)snprintf(part, sizeof part, "%s%03u",
                       i % 2 == 0 ? "GONE-" : "kept-", i);
        memcpy(content + at, part, sizes[i] - at < 8 ? sizes[i] - at : 8);
    }
    return (struct bytes){content, sizes[i]};
}

static struct bytes key_of(unsigned i)
{
    static char key[16];

    (void)snprintf(key, sizeof key, "%u", i * 7919u % VALUES);
    return text(key);
}

static void open_all(void)
{
    store_fixture_open();
    seed = world_seed();
    for (unsigned i = 0; i < VALUES; i++) {
        uint64_t random = world_random(&seed);

        sizes[i] = 8 + random % (i % 3 == 0 ? VALUE_MAX - 8 : 900);
    }
}

TestSuite(store_overwrite, .init = open_all, .fini = store_fixture_close);

/* Rounds of writing and writing again, so that pages and nodes move about. */
static void fill(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        begin(true);
        for (unsigned i = 0; i < VALUES; i++) {
            if (round == 0 || world_random(&seed) % 4 == 0) {
                cr_assert_eq(store_put(txn, 0, key_of(i), value_of(i)),
                             STATUS_OK);
            }
        }
        commit();
    }
}

static size_t count_in_file(const char *what)
{
    size_t found = 0, size;
    uint8_t *bytes = malloc(FILE_BYTES);
    FILE *file = fopen(path, "rb");

    cr_assert_not_null(bytes);
    cr_assert_not_null(file);
    size = fread(bytes, 1, FILE_BYTES, file);
    cr_assert_lt(size, FILE_BYTES);
    for (size_t i = 0; i + strlen(what) <= size; i++) {
        found += memcmp(bytes + i, what, strlen(what)) == 0 ? 1 : 0;
    }
    (void)fclose(file);
    free(bytes);
    return found;
}

static void erase_half(void)
{
    begin(true);
    for (unsigned i = 0; i < VALUES; i += 2) {
        cr_assert_eq(store_erase(txn, 0, key_of(i)), STATUS_OK);
    }
    cr_assert_eq(store_erase(txn, 0, text("none")), STATUS_NOT_FOUND);
    commit();
}

static void touch(unsigned time)
{
    char value[8];

    (void)snprintf(value, sizeof value, "%u", time);
    begin(true);
    put(1, "touched", value);
    commit();
}

static void expect_kept(void)
{
    begin(false);
    for (unsigned i = 0; i < VALUES; i++) {
        struct bytes found;
        enum status status = store_get(txn, 0, key_of(i), &found);

        cr_assert_eq(status, i % 2 == 0 ? STATUS_NOT_FOUND : STATUS_OK);
        cr_assert(i % 2 == 0 || bytes_equal(found, value_of(i)));
    }
    store_abort(&txn);
}

/* Deleting alone leaves it all in the file; that is what this is for. */
Test(store_overwrite, i5_nothing_of_what_was_erased_is_left_in_the_file)
{
    fill();
    reopen(MAP_BYTES);
    erase_half();
    cr_assert_gt(count_in_file("GONE-"), 0);
    for (unsigned i = 0; i < 2; i++) {
        touch(i);
        cr_assert_eq(store_overwrite(store), STATUS_OK);
    }
    cr_assert_eq(count_in_file("GONE-"), 0);
    expect_kept();
    /* The walk over all pages is content, and what is written next too. */
    reopen(MAP_BYTES);
    expect_kept();
    touch(9);
    cr_assert_eq(count_in_file("GONE-"), 0);
    expect_kept();
}

Test(store_overwrite, a_reader_of_an_earlier_state_is_left_alone)
{
    struct store_txn *reader = NULL;
    struct bytes found;

    fill();
    cr_assert_eq(store_begin(store, false, &reader), STATUS_OK);
    erase_half();
    touch(0);
    cr_assert_eq(store_overwrite(store), STATUS_BUSY);
    for (unsigned i = 0; i < VALUES; i++) {
        cr_assert_eq(store_get(reader, 0, key_of(i), &found), STATUS_OK);
        cr_assert(bytes_equal(found, value_of(i)));
    }
    store_abort(&reader);
    cr_assert_eq(store_overwrite(store), STATUS_OK);
    expect_kept();
}

/* What the last commit has freed belongs to the state before it, which a crash
 * may fall back to. */
Test(store_overwrite, i5_the_state_before_the_last_commit_stays_whole)
{
    fill();
    reopen(MAP_BYTES);
    erase_half();
    cr_assert_eq(store_overwrite(store), STATUS_OK);
    cr_assert_gt(count_in_file("GONE-"), 0);
    touch(0);
    cr_assert_eq(store_overwrite(store), STATUS_OK);
    expect_kept();
}
