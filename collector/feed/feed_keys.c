/* Who comes in by which door. A key that is taken back: libzmq cannot end the
 * links of one key, so all of them are ended. */
#include "collector/feed/feed_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"

const struct feed_kind feed_kinds[CLASS_END] = {
    [CLASS_PROVINCE] = {ZAP_FEED, ROLES_PROVINCE, ROLE_VIEWER,
                        SETTINGS_FEED_PUBLISH, SETTINGS_FEED_SNAPSHOT},
    [CLASS_AUDIT] = {ZAP_FEED_AUDIT, ROLES_AUDITOR, ROLE_AUDITOR,
                     SETTINGS_FEED_AUDIT_PUBLISH, SETTINGS_FEED_AUDIT_SNAPSHOT},
};

static void pick_keys(struct class *class, const struct accounts *accounts)
{
    class->key_count = 0;
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->list[i];
        size_t size = 0;

        if ((account->role & feed_kinds[class->kind].roles) != 0 &&
            bytes_from_hex(account->secret, class->keys[class->key_count].bytes,
                           PUBLIC_KEY_BYTES, &size) == STATUS_OK &&
            size == PUBLIC_KEY_BYTES) {
            class->key_count++;
        }
    }
}

static bool has_key(const struct class *class, const struct public_key *key)
{
    for (size_t i = 0; i < class->key_count; i++) {
        if (public_key_equal(&class->keys[i], key)) {
            return true;
        }
    }
    return false;
}

/* The handler's table of a class; `cut` says that a key is gone. */
static enum status set_keys(struct feed *feed, struct class *class,
                            const struct accounts *accounts, bool *cut)
{
    size_t count = class->key_count;
    struct public_key *before = calloc(count + 1, sizeof *before);

    if (before == NULL) {
        return STATUS_MEMORY;
    }
    memcpy(before, class->keys, count * sizeof *before);
    pick_keys(class, accounts);
    for (size_t i = 0; i < count; i++) {
        *cut = *cut || !has_key(class, &before[i]);
    }
    free(before);
    return zap_set_domain(feed->options.zap, feed_kinds[class->kind].domain,
                          class->keys, class->key_count);
}

static void shut_doors(struct feed *feed)
{
    for (size_t i = 0; i < CLASS_END; i++) {
        feed_door_close(&feed->classes[i].door);
    }
    feed->shut = true;
}

enum status feed_keys_read(struct feed *feed)
{
    struct accounts accounts;
    enum status status = STATUS_OK;
    bool cut = false;
    size_t line = 0;
    enum status loaded =
        accounts_load(&province_people, feed->options.directory, ACCOUNTS_FEED,
                      &accounts, &line, &feed->seen);

    if (loaded != STATUS_OK) {
        log_error("the keys of the feed cannot be read: nobody is let in",
                  log_number("line", (int64_t)line),
                  log_status("status", loaded));
    }
    for (size_t i = 0; i < CLASS_END && status == STATUS_OK; i++) {
        status = set_keys(feed, &feed->classes[i], &accounts, &cut);
    }
    accounts_fini(&accounts);
    if (cut && feed->running) {
        log_info("a key of the feed was taken back: all links are cut");
        shut_doors(feed);
    }
    return status;
}

/* A port is free a moment after its socket was closed, or when another program
 * lets it go. */
static void open_doors(struct feed *feed)
{
    bool all = true;

    for (size_t i = 0; i < CLASS_END; i++) {
        struct feed_door *door = &feed->classes[i].door;
        enum status status =
            door->open ? STATUS_OK : feed_door_open_again(door);

        if (status == STATUS_REFUSED) {
            log_error("a stranger was let in: this door of the feed is shut");
            continue;
        }
        all = all && status == STATUS_OK;
    }
    feed->shut = !all;
    feed->open_at =
        clock_monotonic_us(feed->options.clock) + FEED_OPEN_S * CLOCK_US_PER_S;
}

void feed_keys_look_after(struct feed *feed)
{
    if (feed->shut &&
        clock_monotonic_us(feed->options.clock) >= feed->open_at) {
        open_doors(feed);
    }
    if (clock_monotonic_us(feed->options.clock) < feed->keys_at) {
        return;
    }
    feed->keys_at =
        clock_monotonic_us(feed->options.clock) + FEED_KEYS_S * CLOCK_US_PER_S;
    if (accounts_changed(&province_people, feed->options.directory,
                         ACCOUNTS_FEED, &feed->seen) &&
        feed_keys_read(feed) != STATUS_OK) {
        /* Whoever was to be kept out might still be let in. */
        log_error("the keys of the feed are not in force: its doors are shut");
        shut_doors(feed);
        feed->shut = false;
    }
}
