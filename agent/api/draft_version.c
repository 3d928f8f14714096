#include "agent/api/draft_version.h"

#include "agent/api/body.h"
#include "agent/spool/spool_drafts.h"

#include <string.h>

const struct language_text draft_version_elsewhere = {
    "nháp này đã được sửa tiếp ở cửa sổ khác, hoặc bởi người khác: hãy mở bản "
    "mới hơn.",
    "this draft was changed in another window, or by somebody else: open the "
    "newer text."};

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_word(const char *text)
{
    return text != NULL && text[0] != '\0' &&
           strlen(text) <= DRAFT_BY_BYTES_MAX;
}

static bool seen_is_good(const json_t *seen)
{
    const char *by;
    json_t *change;

    if (!json_is_object(seen) || json_object_size(seen) > DRAFT_SEEN_MAX) {
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)seen, by, change)
    {
        if (strlen(by) > DRAFT_BY_BYTES_MAX || !is_count(change)) {
            return false;
        }
    }
    return true;
}

bool draft_version_is_good(const json_t *version)
{
    const json_t *change = json_object_get(version, "change");
    const json_t *by = json_object_get(version, "by");
    const json_t *seen = json_object_get(version, "seen");

    return (change == NULL || is_count(change)) &&
           (by == NULL || is_word(body_text(version, "by"))) &&
           (seen == NULL || seen_is_good(seen));
}

static const char *by_of(const json_t *version)
{
    const char *by = body_text(version, "by");

    return by == NULL ? "" : by;
}

enum status draft_version_kept(struct spool *spool,
                               const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                               json_t **kept)
{
    struct spool_draft draft;
    enum status status = spool_find_draft(spool, key, &draft);

    *kept = NULL;
    return status == STATUS_OK ? body_read(draft.text, kept) : status;
}

bool draft_version_knows(const json_t *version, const json_t *kept)
{
    json_int_t there = json_integer_value(json_object_get(kept, "change"));
    const json_t *change = json_object_get(version, "change");
    const char *by = by_of(kept);
    const json_t *known =
        strcmp(by, by_of(version)) == 0
            ? change
            : json_object_get(json_object_get(version, "seen"), by);

    return change == NULL ||
           (known != NULL && json_integer_value(known) >= there);
}
