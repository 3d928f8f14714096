/* Nothing here trusts the file: what a page says is only used within the page.
 * Failure modes: the file is shorter than it should be, or cannot be read. */
#include "common/store/store_page.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define META_MAGIC    0xBEEFC0DEu
#define META_VERSION  1u
#define PAGE_SIZE_MIN 512u
#define PAGE_SIZE_MAX 65536u
#define READS_MAX     100u

enum status page_read(int fd, size_t page_size, size_t page, size_t skip,
                      size_t size, void *to)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(fd, (uint8_t *)to + done, size - done,
                            (off_t)(page * page_size + skip + done));
        if (got < 0 && errno != EINTR) {
            return STATUS_IO;
        }
        if (got == 0) {
            return STATUS_CORRUPT;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return STATUS_OK;
}

static enum status read_meta(int fd, size_t page_size, size_t number,
                             struct page_meta *meta)
{
    struct page_head head;
    uint8_t page[sizeof head + sizeof *meta];
    enum status status = page_read(fd, page_size, number, 0, sizeof page, page);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(&head, page, sizeof head);
    memcpy(meta, page + sizeof head, sizeof *meta);
    if ((head.flags & PAGE_META) == 0 || meta->magic != META_MAGIC) {
        return STATUS_CORRUPT;
    }
    if (meta->version != META_VERSION) {
        return meta->version > META_VERSION ? STATUS_VERSION : STATUS_CORRUPT;
    }
    uint32_t size = meta->trees[0].page_size;
    bool is_size = size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX &&
                   (size & (size - 1)) == 0;
    return is_size ? STATUS_OK : STATUS_CORRUPT;
}

/* Two commits take turns in the two pages; in a new file neither was made. */
static bool follow_each_other(const struct page_meta metas[PAGE_METAS])
{
    size_t even = metas[0].transaction;
    size_t odd = metas[1].transaction;

    return (even == 0 && odd == 0) ||
           (even % 2 == 0 && (even == odd + 1 || even + 1 == odd));
}

static enum status read_metas(int fd, struct page_meta metas[PAGE_METAS])
{
    enum status status = read_meta(fd, 0, 0, &metas[0]);
    if (status != STATUS_OK) {
        return status;
    }
    status = read_meta(fd, metas[0].trees[0].page_size, 1, &metas[1]);
    if (status != STATUS_OK) {
        return status;
    }
    return metas[1].trees[0].page_size == metas[0].trees[0].page_size
               ? STATUS_OK
               : STATUS_CORRUPT;
}

enum status page_read_metas(int fd, struct page_meta metas[PAGE_METAS])
{
    /* When another process commits between the two reads they do not fit
     * together, though nothing is wrong; what is wrong stays so. */
    for (unsigned i = 0; i < READS_MAX; i++) {
        enum status status = read_metas(fd, metas);
        if (status != STATUS_OK || follow_each_other(metas)) {
            return status;
        }
    }
    return STATUS_CORRUPT;
}

struct page_head page_head_of(const uint8_t *page)
{
    struct page_head head;
    memcpy(&head, page, sizeof head);
    return head;
}

size_t page_count(const uint8_t *page, size_t page_size)
{
    struct page_head head = page_head_of(page);
    if (head.lower < sizeof head || head.lower > head.upper ||
        head.upper > page_size || (head.lower | head.upper) % 2 != 0) {
        return 0;
    }
    return (head.lower - sizeof head) / sizeof(uint16_t);
}

size_t page_node_at(const uint8_t *page, size_t page_size, size_t i,
                    struct page_node *node)
{
    struct page_head head = page_head_of(page);
    struct page_node_head raw;
    uint16_t at;

    memcpy(&at, page + sizeof head + i * sizeof at, sizeof at);
    if (at < head.upper || at > page_size - sizeof raw) {
        return 0;
    }
    memcpy(&raw, page + at, sizeof raw);
    size_t size = sizeof raw + raw.key_size;
    size_t low = raw.size[0] | (size_t)raw.size[1] << 16;
    *node = (struct page_node){.key = {page + at + sizeof raw, raw.key_size}};
    if (head.flags == PAGE_BRANCH) {
        node->child = low | (size_t)raw.flags << 32;
    } else {
        node->flags = raw.flags;
        node->value_size = low;
        node->value = page + at + size;
        size += (raw.flags & NODE_IN_OVERFLOW) != 0 ? sizeof(size_t) : low;
    }
    size += size % 2;
    return size <= page_size - at ? size : 0;
}

static int compare_keys(bool numbers, struct bytes a, struct bytes b)
{
    if (numbers) {
        size_t x;
        size_t y;
        memcpy(&x, a.data, sizeof x);
        memcpy(&y, b.data, sizeof y);
        return x < y ? -1 : x > y;
    }
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order != 0 ? order : a.size < b.size ? -1 : a.size > b.size;
}

static bool key_size_fits(bool numbers, size_t size)
{
    return numbers ? size == sizeof(size_t) : size >= 1 && size <= PAGE_KEY_MAX;
}

/* The first key of a leaf may be the range's low end; all others are greater
 * than what comes before them. */
static bool key_in_order(bool numbers, struct bytes key, struct bytes before,
                         struct bytes high, bool may_equal)
{
    int order = before.size == 0 ? 1 : compare_keys(numbers, key, before);
    return (order > 0 || (order == 0 && may_equal)) &&
           (high.size == 0 || compare_keys(numbers, key, high) < 0);
}

const char *page_fault(const uint8_t *page, size_t page_size, bool numbers,
                       struct page_range range)
{
    struct page_head head = page_head_of(page);
    bool is_branch = head.flags == PAGE_BRANCH;
    struct bytes before = range.low;
    size_t filled = 0;
    size_t count = page_count(page, page_size);

    if (count < (is_branch ? 2 : 1)) {
        return "its bounds cannot be";
    }
    for (size_t i = 0; i < count; i++) {
        struct page_node node;
        size_t size = page_node_at(page, page_size, i, &node);
        if (size == 0) {
            return "a node leaves its page";
        }
        filled += size;
        if (is_branch && i == 0) {
            continue; /* its key is never looked at */
        }
        if (!key_size_fits(numbers, node.key.size)) {
            return "a key of a wrong size";
        }
        if (!key_in_order(numbers, node.key, before, range.high, i == 0)) {
            return "keys out of order";
        }
        before = node.key;
    }
    return filled == page_size - head.upper ? NULL : "nodes do not fill it";
}

size_t page_last_freed(int fd, size_t page_size, const struct page_meta *meta)
{
    size_t number = meta->trees[0].root;
    size_t key = 0;
    struct page_node node = {0};
    uint8_t *page = malloc(page_size);
    unsigned depth = page == NULL ? 0 : meta->trees[0].depth;

    for (; depth > 0 && number <= meta->last_page; depth--) {
        if (page_read(fd, page_size, number, 0, page_size, page) != STATUS_OK) {
            break;
        }
        size_t count = page_count(page, page_size);
        if (page_head_of(page).number != number || count == 0 ||
            page_node_at(page, page_size, count - 1, &node) == 0) {
            break;
        }
        number = node.child;
        if (depth == 1 && node.key.size == sizeof key) {
            memcpy(&key, node.key.data, sizeof key);
        }
    }
    free(page);
    return key;
}
