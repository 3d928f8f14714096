#include "collector/api/changes.h"

#include <string.h>

/* The part at the beginning, without its zero; false behind the last. */
static bool take(struct bytes *left, struct bytes *part)
{
    const uint8_t *end =
        left->size == 0 ? NULL : memchr(left->data, 0, left->size);

    if (end == NULL) {
        return false;
    }
    *part = (struct bytes){left->data, (size_t)(end - left->data)};
    left->data = end + 1;
    left->size -= part->size + 1;
    return true;
}

static size_t count_parts(struct bytes all)
{
    struct bytes part;
    size_t count = 0;

    while (take(&all, &part)) {
        count++;
    }
    return count;
}

bool changes_any(struct bytes before, struct bytes now)
{
    return !bytes_equal(before, now);
}

static enum status append(struct buffer *out, struct bytes row, bool *first)
{
    enum status status =
        *first ? STATUS_OK : buffer_append(out, bytes_of_text(","));

    *first = false;
    return status == STATUS_OK ? buffer_append(out, row) : status;
}

enum status changes_tell(struct bytes before, struct bytes now,
                         const char *name, struct buffer *out)
{
    bool same_rows = count_parts(before) == count_parts(now);
    struct bytes head, row, old = {NULL, 0};
    bool first = true;
    enum status status;

    if (!take(&now, &head) || head.size < 2) {
        return STATUS_INVALID;
    }
    (void)take(&before, &old);
    /* The head is an object that is not empty: its end goes behind the rows. */
    head.size--;
    status = buffer_append(out, head);
    if (status == STATUS_OK) {
        status = buffer_printf(out, ",\"%s\":[", name);
    }
    while (status == STATUS_OK && take(&now, &row)) {
        bool known = take(&before, &old) && same_rows;

        if (!known || !bytes_equal(old, row)) {
            status = append(out, row, &first);
        }
    }
    return status == STATUS_OK ? buffer_append(out, bytes_of_text("]}"))
                               : status;
}
