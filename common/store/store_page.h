/* store_page - how LMDB 0.9 lays out its file, as far as we look at it.
 *
 * Flow     store_file, store_walk -> [store_page] -> the file
 * Owns     nothing.
 * Threads  any.
 *
 * The structures are those of LMDB (MDB_page, MDB_meta, MDB_db, MDB_node) with
 * the machine's own sizes and byte order, as LMDB itself writes them. A page
 * is a head, the offsets of its nodes, room, and the nodes; a tree's inner
 * pages are branches, its last ones leaves. What is too large for a leaf lies
 * on overflow pages behind each other.
 */
#ifndef TALLYLINE_STORE_PAGE_H
#define TALLYLINE_STORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define PAGE_KEY_MAX  511u /* as LMDB is built */
#define PAGE_BRANCH   0x01u
#define PAGE_LEAF     0x02u
#define PAGE_OVERFLOW 0x04u
#define PAGE_META     0x08u
#define PAGE_METAS    2u /* the first pages of the file */

#define NODE_IN_OVERFLOW 0x01u /* its data is the number of a page */
#define NODE_IS_TREE     0x02u /* its data is a struct page_tree */

#define TREE_DEPTH_MAX 32u
#define TREE_NO_ROOT   SIZE_MAX /* of an empty tree */

struct page_head {
    size_t number;
    uint16_t pad;
    uint16_t flags;
    uint16_t lower; /* in overflow pages these two are how many there are */
    uint16_t upper;
};

struct page_node_head {
    uint16_t size[2]; /* of the data; in branches the child's number, whose */
    uint16_t flags;   /* third part is here */
    uint16_t key_size;
};

struct page_tree {
    uint32_t page_size; /* in the first tree of a meta page */
    uint16_t flags;
    uint16_t depth;
    size_t pages[3]; /* branches, leaves, overflow */
    size_t entries;
    size_t root;
};

struct page_meta {
    uint32_t magic;
    uint32_t version;
    void *address;
    size_t map_size;
    struct page_tree trees[2]; /* of free pages, and of tables */
    size_t last_page;
    size_t transaction;
};

/* A node, as its page says; a branch has a child and no value. */
struct page_node {
    struct bytes key; /* in the page, as the value */
    size_t child;
    uint16_t flags;
    size_t value_size;
    const uint8_t *value; /* or the number of its first page */
};

/* Keys of a page are at or above `low`, when it has one, and below `high`. */
struct page_range {
    struct bytes low;
    struct bytes high;
};

/* Reads `size` bytes of a page, or of it and those behind it, from `skip` on.
 * STATUS_CORRUPT: the file ends before. STATUS_IO, with errno set. */
MUST_USE enum status page_read(int fd, size_t page_size, size_t page,
                               size_t skip, size_t size, void *to);

/* Reads both meta pages and looks at what LMDB looks at itself, and that one
 * commit came after the other. STATUS_CORRUPT, STATUS_IO; STATUS_VERSION: a
 * newer LMDB format. */
MUST_USE enum status page_read_metas(int fd,
                                     struct page_meta metas[PAGE_METAS]);

/* The last transaction of which a state knows that it has freed pages; 0 when
 * it cannot be read, for a state that nobody uses may be damaged. */
size_t page_last_freed(int fd, size_t page_size, const struct page_meta *meta);

struct page_head page_head_of(const uint8_t *page);
/* How many nodes a branch or leaf has; 0 when its bounds cannot be. */
size_t page_count(const uint8_t *page, size_t page_size);
/* Gives node `i`, which is below the count, and returns the bytes that it
 * takes; 0 when it does not lie within the page. */
size_t page_node_at(const uint8_t *page, size_t page_size, size_t i,
                    struct page_node *node);

/* What is wrong with a branch or leaf, in words; NULL when its nodes fill it
 * and their keys, which may be numbers, go up within the range. */
const char *page_fault(const uint8_t *page, size_t page_size, bool numbers,
                       struct page_range range);

#endif
