/* Any bytes as the JSON that the office's page sends: a row to check or save.
 * What is taken as an object is no deeper than it may be; what is taken as an
 * event is of its type, and of the role of who is signed in. The first byte
 * says the language, and whether the row has a key. No spool: nothing is
 * allotted and nothing saved. */
#include "agent/api/body.h"
#include "agent/api/entry_row.h"
#include "common/base/check.h"
#include "tests/support/world.h"

#include <string.h>

#define ROLE 3u /* of who is signed in */

static struct world world;
static struct clock_settable now = {.wall_us =
                                        INT64_C(1546300800) * CLOCK_US_PER_S};

static size_t depth_of(const json_t *json)
{
    size_t deepest = 0;
    size_t i;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        size_t depth = depth_of(value);

        deepest = depth > deepest ? depth : deepest;
    }
    json_array_foreach(json, i, value)
    {
        size_t depth = depth_of(value);

        deepest = depth > deepest ? depth : deepest;
    }
    return json_is_object(json) || json_is_array(json) ? deepest + 1 : 0;
}

static void try_row(const json_t *json, bool keyed, enum language language)
{
    struct entry_row row;
    struct source source;
    struct clock clock;
    struct event event;
    json_t *filled = NULL;
    enum status rc = entry_row_init(&row, json, keyed, language);

    if (rc == STATUS_OK) {
        clock_init_settable(&clock, &now);
        source = (struct source){.context = world.context,
                                 .agent = context_agent(world.context, 1),
                                 .clock = &clock,
                                 .language = language,
                                 .role = ROLE};
        event_init(&event, 0);
        rc = entry_row_event(&row, &source, keyed, &event);
        check(rc == STATUS_OK || rc == STATUS_INVALID);
        check((rc == STATUS_OK) == (json_array_size(row.issues) == 0));
        check(rc != STATUS_OK ||
              (event.type == row.type->number && event.role == ROLE));
        filled = entry_row_filled(&row, &source, &event);
        check(filled != NULL);
    }
    json_decref(filled);
    entry_row_fini(&row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *json = NULL;

    if (world.context == NULL) {
        world_open(&world, WORLD_PLAN, NULL);
    }
    if (size > 0 &&
        body_read((struct bytes){data + 1, size - 1}, &json) == STATUS_OK) {
        check(depth_of(json) <= BODY_DEPTH_MAX);
        try_row(json, (data[0] & 1u) != 0,
                (data[0] & 2u) != 0 ? LANGUAGE_EN : LANGUAGE_VI);
    }
    json_decref(json);
    return 0;
}
