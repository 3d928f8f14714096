/* The happy path: from the meta page of the transaction to the tree of free
 * pages and the tree of tables, and from each name in that to the table's own.
 * A page is read by itself and looked at before its children are.
 *
 * Both meta pages begin a whole state, the one before as well. If that one
 * knows of pages that were freed later than it says it was made, it is the
 * newer one with a damaged number, and opening would forget a commit; or it is
 * what LMDB leaves of a commit that failed, which is known beside the store. */
#include "common/store/store_walk.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/store/store_file.h"
#include "common/store/store_page.h"
#include "common/store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define TREE_FLAGS   0xffu
#define FREE_FLAGS   0x08u /* LMDB's own mark: keys are numbers */
#define BITS         8u
#define FREE_AT_ONCE 512u /* numbers of free pages read together */

enum kind {
    KIND_FREE,   /* transaction: the pages it has freed */
    KIND_TABLES, /* name: struct page_tree */
    KIND_TABLE
};

struct walk {
    const struct store_options *options;
    int fd;
    size_t page_size;
    size_t last_page;
    size_t transaction;
    uint8_t *seen;        /* a bit a page: in use, or free */
    uint64_t leaves_left; /* how many may still be read */
    uint64_t heads_left;  /* the same, of values on pages of their own */
};

struct tree_walk {
    struct walk *walk;
    enum kind kind;
    unsigned table; /* STORE_TABLES_MAX: a name that we do not know */
    unsigned depth; /* of the tree */
    bool leaves;    /* false: there are too many of them to read */
    bool heads;     /* the same, of overflow pages */
    uint64_t entries;
};

static enum status damaged(const struct walk *walk, size_t page,
                           const char *what)
{
    if (walk->options->look != NULL) {
        walk->options->look->page = page;
        walk->options->look->what = what;
    }
    log_error("the store is damaged", log_text("path", walk->options->path),
              log_number("page", (int64_t)page), log_text("cause", what));
    return STATUS_CORRUPT;
}

/* ---- pages ---- */

/* Each page belongs to one place. */
static enum status take_pages(struct walk *walk, size_t first, size_t count)
{
    if (first < PAGE_METAS || first > walk->last_page ||
        count > walk->last_page - first + 1) {
        return damaged(walk, first, "there is no such page");
    }
    for (size_t page = first; page < first + count; page++) {
        uint8_t bit = (uint8_t)(1u << page % BITS);
        if ((walk->seen[page / BITS] & bit) != 0) {
            return damaged(walk, page, "the page is in two places");
        }
        walk->seen[page / BITS] |= bit;
    }
    return STATUS_OK;
}

static enum status read_at(const struct walk *walk, size_t page, size_t skip,
                           size_t size, void *to)
{
    enum status status =
        page_read(walk->fd, walk->page_size, page, skip, size, to);
    if (status == STATUS_IO) {
        log_error("cannot read the store",
                  log_text("path", walk->options->path),
                  log_number("page", (int64_t)page),
                  log_text("cause", strerror(errno)));
    }
    return status == STATUS_CORRUPT
               ? damaged(walk, page, "the file ends before the page")
               : status;
}

/* How many overflow pages a value of that size needs. */
static size_t pages_of(const struct walk *walk, size_t size)
{
    return (sizeof(struct page_head) - 1 + size) / walk->page_size + 1;
}

/* A value on pages of its own; `first` is where it begins. */
static enum status take_overflow(const struct tree_walk *tree,
                                 const struct page_node *node, size_t *first)
{
    struct walk *walk = tree->walk;
    struct page_head head;
    uint32_t count = 0;

    memcpy(first, node->value, sizeof *first);
    if (!tree->heads || *first > walk->last_page) {
        return take_pages(walk, *first, pages_of(walk, node->value_size));
    }
    enum status status = read_at(walk, *first, 0, sizeof head, &head);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(&count, &head.lower, sizeof count);
    if (head.number != *first || head.flags != PAGE_OVERFLOW ||
        count < pages_of(walk, node->value_size)) {
        return damaged(walk, *first, "not the overflow page it should be");
    }
    return take_pages(walk, *first, count);
}

/* ---- nodes ---- */

static enum status walk_tree(struct walk *walk, const struct page_tree *about,
                             enum kind kind, unsigned table);

/* Some of the numbers of a list, from number `i` on; the list lies in the node
 * or, when `first` is not 0, on pages of its own. */
static enum status read_numbers(const struct walk *walk,
                                const struct page_node *node, size_t first,
                                size_t i, size_t numbers[FREE_AT_ONCE])
{
    size_t left = node->value_size / sizeof *numbers - i;
    size_t size = (left < FREE_AT_ONCE ? left : FREE_AT_ONCE) * sizeof *numbers;
    size_t at = i * sizeof *numbers;

    if (first != 0) {
        return read_at(walk, first, sizeof(struct page_head) + at, size,
                       numbers);
    }
    memcpy(numbers, node->value + at, size);
    return STATUS_OK;
}

/* How many pages one transaction has freed, and which, the last one first. */
static enum status check_free(struct tree_walk *tree,
                              const struct page_node *node)
{
    struct walk *walk = tree->walk;
    size_t key;
    size_t first = 0;
    size_t count = 0;
    size_t before = SIZE_MAX;
    size_t numbers[FREE_AT_ONCE];
    size_t listed = node->value_size / sizeof *numbers;
    bool outside = (node->flags & NODE_IN_OVERFLOW) != 0;
    enum status status = STATUS_OK;

    memcpy(&key, node->key.data, sizeof key);
    if (key > walk->transaction) {
        return damaged(walk, 0, "pages were freed after the last transaction");
    }
    if (listed == 0) {
        return damaged(walk, 0, "a list of free pages that is none");
    }
    if (outside) {
        status = take_overflow(tree, node, &first);
    }
    for (size_t i = 0; i <= count && status == STATUS_OK; i++) {
        if (i % FREE_AT_ONCE == 0) {
            status = read_numbers(walk, node, first, i, numbers);
        }
        size_t number = numbers[i % FREE_AT_ONCE];
        if (status == STATUS_OK && i == 0) {
            count = number;
            if (count >= listed) {
                return damaged(walk, 0, "a list of free pages is too long");
            }
        } else if (status == STATUS_OK) {
            status = number < before ? take_pages(walk, number, 1)
                                     : damaged(walk, number, "free twice");
            before = number;
        }
    }
    return status;
}

static unsigned table_named(const struct store_options *options,
                            struct bytes name)
{
    if (bytes_equal(name, bytes_of_text(STORE_FORMAT_NAME))) {
        return STORE_FORMAT_TABLE;
    }
    for (unsigned i = 0; i < options->table_count; i++) {
        if (bytes_equal(name, bytes_of_text(options->tables[i]))) {
            return i;
        }
    }
    return STORE_TABLES_MAX;
}

static enum status check_leaf_node(struct tree_walk *tree, size_t page,
                                   const struct page_node *node)
{
    size_t first = 0;

    if (tree->kind == KIND_TABLES) {
        struct page_tree about;
        if (node->flags != NODE_IS_TREE || node->value_size != sizeof about) {
            return damaged(tree->walk, page, "a table that is none");
        }
        memcpy(&about, node->value, sizeof about);
        return walk_tree(tree->walk, &about, KIND_TABLE,
                         table_named(tree->walk->options, node->key));
    }
    if ((node->flags & ~NODE_IN_OVERFLOW) != 0) {
        return damaged(tree->walk, page, "a value of an unknown kind");
    }
    if (tree->kind == KIND_FREE) {
        return check_free(tree, node);
    }
    if ((node->flags & NODE_IN_OVERFLOW) != 0) {
        return take_overflow(tree, node, &first);
    }
    struct bytes stored = {node->value, node->value_size};
    if (tree->table != STORE_TABLES_MAX &&
        !store_value_fits(tree->table, node->key, stored)) {
        log_error("a stored value is damaged",
                  log_text("path", tree->walk->options->path),
                  log_number("table", tree->table), log_hex("key", node->key));
        if (tree->walk->options->look != NULL) {
            tree->walk->options->look->values++;
        }
    }
    return STATUS_OK;
}

/* ---- trees ---- */

static enum status check_page(const struct tree_walk *tree, size_t number,
                              const uint8_t *page, unsigned depth,
                              struct page_range range)
{
    struct page_head head = page_head_of(page);
    unsigned flags = depth == tree->depth ? PAGE_LEAF : PAGE_BRANCH;

    if (head.number != number || head.flags != flags) {
        return damaged(tree->walk, number, "not the page it should be");
    }
    const char *fault =
        page_fault(page, tree->walk->page_size, tree->kind == KIND_FREE, range);
    return fault == NULL ? STATUS_OK : damaged(tree->walk, number, fault);
}

static enum status walk_page(struct tree_walk *tree, size_t number,
                             unsigned depth, struct page_range range);

static enum status walk_node(struct tree_walk *tree, const uint8_t *page,
                             size_t i, unsigned depth, struct page_range range)
{
    size_t page_size = tree->walk->page_size;
    struct page_node node;
    struct page_node next;

    (void)page_node_at(page, page_size, i, &node);
    if (depth == tree->depth) {
        tree->entries++;
        return check_leaf_node(tree, page_head_of(page).number, &node);
    }
    if (i > 0) {
        range.low = node.key;
    }
    if (i + 1 < page_count(page, page_size)) {
        (void)page_node_at(page, page_size, i + 1, &next);
        range.high = next.key;
    }
    return walk_page(tree, node.child, depth + 1, range);
}

/* A disk is faster when it knows what comes next. */
static void ask_ahead(const struct tree_walk *tree, const uint8_t *page)
{
    size_t size = tree->walk->page_size;
    for (size_t i = 0; i < page_count(page, size); i++) {
        struct page_node node;
        (void)page_node_at(page, size, i, &node);
        (void)posix_fadvise(tree->walk->fd, (off_t)(node.child * size),
                            (off_t)size, POSIX_FADV_WILLNEED);
    }
}

static enum status walk_page(struct tree_walk *tree, size_t number,
                             unsigned depth, struct page_range range)
{
    struct walk *walk = tree->walk;
    enum status status = take_pages(walk, number, 1);

    if (status != STATUS_OK || (depth == tree->depth && !tree->leaves)) {
        return status;
    }
    uint8_t *page = malloc(walk->page_size);
    if (page == NULL) {
        return STATUS_MEMORY;
    }
    status = read_at(walk, number, 0, walk->page_size, page);
    if (status == STATUS_OK) {
        status = check_page(tree, number, page, depth, range);
    }
    if (status == STATUS_OK && depth + 1 == tree->depth && tree->leaves) {
        ask_ahead(tree, page);
    }
    for (size_t i = 0;
         status == STATUS_OK && i < page_count(page, walk->page_size); i++) {
        status = walk_node(tree, page, i, depth, range);
    }
    free(page);
    return status;
}

/* True when so many may still be read. What a damaged tree says of itself only
 * decides how closely it is looked at. */
static bool within(uint64_t *left, size_t wanted)
{
    if (wanted > *left) {
        return false;
    }
    *left -= wanted;
    return true;
}

static enum status walk_tree(struct walk *walk, const struct page_tree *about,
                             enum kind kind, unsigned table)
{
    struct tree_walk tree = {
        .walk = walk, .kind = kind, .table = table, .depth = about->depth};
    unsigned flags = about->flags & TREE_FLAGS;
    enum status status = STATUS_OK;

    if (flags != (kind == KIND_FREE ? FREE_FLAGS : 0) ||
        about->depth > TREE_DEPTH_MAX ||
        (about->root == TREE_NO_ROOT) != (about->depth == 0)) {
        return damaged(walk, 0, "a tree that cannot be");
    }
    size_t heads =
        about->entries < about->pages[2] ? about->entries : about->pages[2];
    tree.leaves =
        kind != KIND_TABLE || within(&walk->leaves_left, about->pages[1]);
    tree.heads = kind != KIND_TABLE || within(&walk->heads_left, heads);
    if (about->root != TREE_NO_ROOT) {
        status = walk_page(&tree, about->root, 1, (struct page_range){0});
    }
    if (status == STATUS_OK && tree.leaves && tree.entries != about->entries) {
        return damaged(walk, 0, "entries are missing");
    }
    return status;
}

/* ---- the file ---- */

/* So that what is needed to look at the file is bounded by its size. */
static bool ends_within(int fd, const struct walk *walk)
{
    uint8_t first;

    return walk->last_page <= (size_t)INT64_MAX / walk->page_size &&
           page_read(fd, walk->page_size, walk->last_page, 0, sizeof first,
                     &first) == STATUS_OK;
}

enum status store_walk(const struct store_options *options, int fd,
                       uint64_t txn)
{
    struct walk walk = {
        .options = options,
        .fd = fd,
        .leaves_left = STORE_WALK_LEAVES_MAX,
        .heads_left = STORE_WALK_HEADS_MAX,
    };
    struct page_meta metas[PAGE_METAS];
    enum status status = page_read_metas(fd, metas);

    if (options->look != NULL) {
        *options->look = (struct store_look){.what = NULL};
        walk.leaves_left = UINT64_MAX;
        walk.heads_left = UINT64_MAX;
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct page_meta *meta = &metas[txn % PAGE_METAS];
    const struct page_meta *before = &metas[(txn + 1) % PAGE_METAS];
    bool written = meta->transaction > txn || before->transaction > txn;
    if (written && options->look == NULL) {
        return STATUS_OK; /* another process writes, which vouches for it */
    }
    walk.page_size = meta->trees[0].page_size;
    walk.last_page = meta->last_page;
    walk.transaction = meta->transaction;
    if (meta->transaction > txn) {
        return STATUS_AGAIN;
    }
    if (meta->transaction < txn || meta->last_page < PAGE_METAS - 1) {
        return damaged(&walk, 0, "the meta page is not that of the store");
    }
    if (!ends_within(fd, &walk)) {
        return damaged(&walk, 0, "the last page is behind the file's end");
    }
    walk.seen = calloc(walk.last_page / BITS + 1, 1);
    if (walk.seen == NULL) {
        return STATUS_MEMORY;
    }
    status = walk_tree(&walk, &meta->trees[0], KIND_FREE, STORE_TABLES_MAX);
    if (status == STATUS_OK) {
        status =
            walk_tree(&walk, &meta->trees[1], KIND_TABLES, STORE_TABLES_MAX);
    }
    if (status == STATUS_OK && !written && !store_file_failed(options->path) &&
        page_last_freed(fd, walk.page_size, before) > before->transaction) {
        status = damaged(&walk, 0, "the number of a transaction is wrong");
    }
    free(walk.seen);
    return status;
}
