/* Every store that LMDB has written is sound to the walk, whatever was put,
 * replaced and deleted; and what is damaged in a tree is refused before LMDB
 * reads it. */
#include "common/store/store_page.h"
#include "common/store/store_walk.h"
#include "tests/support/rounds.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_BYTES  4096u
#define KEYS        3000u
#define VALUE_MAX   20000u
#define TXN_CHANGES 200u
#define LARGE       3000u

static uint8_t value[VALUE_MAX];

TestSuite(store_walk, .init = store_fixture_open, .fini = store_fixture_close,
          .timeout = 110);

static uint32_t below(uint32_t limit)
{
    return (uint32_t)rand() % limit;
}

/* Puts, replaces and deletes small and large values. */
static void change(uint32_t changes)
{
    begin(true);
    for (uint32_t i = 0; i < changes; i++) {
        char name[16];
        uint32_t size = below(10) == 0 ? below(VALUE_MAX) : below(200);
        (void)snprintf(name, sizeof name, "%u", below(KEYS));
        memset(value, (int)below(256), size);
        if (below(3) == 0) {
            enum status status = store_delete(txn, below(2), text(name));
            cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
        } else {
            cr_assert_eq(store_put(txn, below(2), text(name),
                                   (struct bytes){value, size}),
                         STATUS_OK);
        }
    }
    if (below(8) == 0) {
        store_abort(&txn);
    } else {
        commit();
    }
}

/* Deleting all of it as well leaves a sound store. */
static void empty(unsigned table)
{
    begin(true);
    for (uint32_t i = 0; i < KEYS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        enum status status = store_delete(txn, table, text(name));
        cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
    }
    commit();
}

Test(store_walk, takes_every_store_that_was_written)
{
    uint64_t seed;
    uint32_t count = rounds("stores walked", 60, 2000, &seed);

    srand((unsigned)seed);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t commits = 1 + below(6);
        for (uint32_t j = 0; j < commits; j++) {
            change(1 + below(TXN_CHANGES));
        }
        if (i % 20 == 19) {
            empty(i / 20 % 2);
        }
        reopen(MAP_BYTES); /* aborts when it is refused */
    }
}

static int open_file(void)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    return fd;
}

static enum status open_flipped(off_t at, uint8_t bits)
{
    struct store_options options = options_of(MAP_BYTES);
    uint8_t byte;
    int fd = open_file();

    cr_assert_eq(pread(fd, &byte, 1, at), 1);
    byte ^= bits;
    cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    enum status status = store_open(&options, &store);
    store_close(&store);
    byte ^= bits;
    cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    (void)close(fd);
    return status;
}

static struct page_meta newest(void)
{
    struct page_meta metas[PAGE_METAS];
    int fd = open_file();
    cr_assert_eq(page_read_metas(fd, metas), STATUS_OK);
    (void)close(fd);
    return metas[metas[1].transaction > metas[0].transaction];
}

/* Number, kind and bounds of a page that is in use, bit by bit. */
Test(store_walk, refuses_any_other_head_of_a_page)
{
    change(TXN_CHANGES);
    store_close(&store);
    struct page_meta meta = newest();
    for (size_t tree = 0; tree < 2; tree++) {
        off_t page = (off_t)(meta.trees[tree].root * PAGE_BYTES);
        for (unsigned bit = 0; bit < 8 * sizeof(struct page_head); bit++) {
            off_t byte = (off_t)(bit / 8);
            bool unused = byte == offsetof(struct page_head, pad) ||
                          byte == offsetof(struct page_head, pad) + 1;
            cr_assert_eq(open_flipped(page + byte, (uint8_t)(1u << bit % 8)),
                         unused ? STATUS_OK : STATUS_CORRUPT, "bit %u", bit);
        }
    }
}

/* With another number the newest state would look like an older one, and its
 * commit would be forgotten. */
Test(store_walk, i1_i2_a_commit_is_not_forgotten_for_a_flipped_number)
{
    const off_t number =
        sizeof(struct page_head) + offsetof(struct page_meta, transaction);
    for (unsigned i = 0; i < 4; i++) {
        begin(true);
        put(0, "counted", i % 2 == 0 ? "even" : "odd");
        commit();
        store_close(&store);
        off_t page = (off_t)(newest().transaction % PAGE_METAS * PAGE_BYTES);
        for (unsigned bit = 0; bit < 8 * sizeof(size_t); bit++) {
            cr_assert_eq(open_flipped(page + number + (off_t)(bit / 8),
                                      (uint8_t)(1u << bit % 8)),
                         STATUS_CORRUPT, "bit %u", bit);
        }
        open_with(MAP_BYTES);
    }
}

/* Puts values that each lie on a page of their own. */
static void put_large(uint32_t first, uint32_t count)
{
    begin(true);
    for (uint32_t i = first; i < first + count; i++) {
        uint8_t key[4];
        bytes_put_u32(key, i);
        cr_assert_eq(store_append(txn, 0, (struct bytes){key, sizeof key},
                                  (struct bytes){value, LARGE}),
                     STATUS_OK);
    }
    commit();
    store_close(&store);
}

static off_t first_overflow_page(void)
{
    int fd = open_file();
    struct page_head head = {0};
    size_t page = PAGE_METAS - 1;
    do {
        page++;
        cr_assert_eq(page_read(fd, PAGE_BYTES, page, 0, sizeof head, &head),
                     STATUS_OK);
    } while (head.flags != PAGE_OVERFLOW);
    (void)close(fd);
    return (off_t)(page * PAGE_BYTES);
}

Test(store_walk, i11_looks_at_so_many_large_values_and_no_more)
{
    const off_t flags = offsetof(struct page_head, flags);
    put_large(0, STORE_WALK_HEADS_MAX);
    off_t page = first_overflow_page();
    cr_assert_eq(open_flipped(page + flags, PAGE_LEAF), STATUS_CORRUPT);
    open_with(MAP_BYTES);
    put_large(STORE_WALK_HEADS_MAX, 1);
    cr_assert_eq(open_flipped(page + flags, PAGE_LEAF), STATUS_OK);
}
