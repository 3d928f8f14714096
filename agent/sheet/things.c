/* Failure modes: the spool's. A thing that does not fit is left out. */
#include "agent/sheet/things.h"

#include <stdio.h>
#include <string.h>

#include "agent/spool/spool_things.h"
#include "common/base/id_map.h"
#include "common/format/wire_walk.h"

/* While the things of one kind are gathered. */
struct gathering {
    struct buffer *texts;
    enum reference_kind kind;
    struct id_map given;
    size_t count;
    enum status status;
};

static bool is_full(const struct gathering *gathering)
{
    return gathering->count == THINGS_MAX || gathering->status != STATUS_OK;
}

/* Once each, under the first text that it comes with. */
static void give(struct gathering *gathering, uint64_t reference,
                 const char *text)
{
    if (is_full(gathering) || strlen(text) >= THINGS_TEXT_MAX ||
        id_map_get(&gathering->given, reference) != ID_MAP_NONE) {
        return;
    }
    gathering->status = id_map_put(&gathering->given, reference, 0);
    if (gathering->status == STATUS_OK) {
        gathering->status = buffer_append(
            gathering->texts,
            (struct bytes){(const uint8_t *)text, strlen(text) + 1});
    }
    gathering->count++;
}

static void give_reference(struct gathering *gathering, uint64_t reference,
                           const char *label)
{
    char text[2 * THINGS_TEXT_MAX];
    char code[REFERENCE_TEXT_MAX];

    reference_format(gathering->kind, reference, code);
    (void)snprintf(text, sizeof text, "%s%s%s", code,
                   label != NULL ? " – " : "", label != NULL ? label : "");
    give(gathering, reference, text);
}

static bool take_own(void *owner, uint64_t reference, struct bytes name)
{
    struct gathering *gathering = owner;
    char text[SPOOL_ALIAS_MAX + 2u];

    if (name.size > 0 && name.size <= SPOOL_ALIAS_MAX) {
        (void)snprintf(text, sizeof text, "@%.*s", (int)name.size,
                       (const char *)name.data);
        give(gathering, reference, text);
    } else {
        give_reference(gathering, reference, NULL);
    }
    return !is_full(gathering);
}

static void add_listed(struct gathering *gathering,
                       const struct context *context, enum language language)
{
    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        for (uint32_t at = 0; at < plan->list_count; at++) {
            const struct plan_list *list = &plan->lists[at];

            for (uint32_t item = 0;
                 list->reference_kind == (uint32_t)gathering->kind &&
                 item < list->count;
                 item++) {
                give_reference(gathering, list->items[item],
                               list->labels != NULL &&
                                       list->labels[item].vi != NULL
                                   ? language_pick(list->labels[item], language)
                                   : NULL);
            }
        }
    }
}

static enum status add_registered(struct gathering *gathering,
                                  struct spool *spool)
{
    struct wire_register_item item;
    struct wire_walk walk;
    struct bytes body;
    enum status rc = spool_document(spool, WIRE_DOCUMENT_REGISTERS, &body);

    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    wire_walk_init(&walk, body);
    while (!is_full(gathering) &&
           (rc = wire_walk_register(&walk, &item)) == STATUS_OK) {
        if (item.kind == (uint32_t)gathering->kind) {
            give_reference(gathering, item.reference, NULL);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status things_read(struct things *things, struct spool *spool,
                        const struct context *context, enum language language)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < REFERENCE_KIND_END; i++) {
        buffer_init(&things->texts[i], (size_t)THINGS_MAX * THINGS_TEXT_MAX);
    }
    for (uint32_t kind = 1; rc == STATUS_OK && kind < REFERENCE_KIND_END;
         kind++) {
        struct spool_things_place place = {.written = true};
        struct gathering gathering = {.texts = &things->texts[kind],
                                      .kind = (enum reference_kind)kind};

        id_map_init(&gathering.given);
        rc = spool_things(spool, kind, &place, SIZE_MAX, take_own, &gathering);
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
        if (rc == STATUS_OK) {
            add_listed(&gathering, context, language);
            rc = add_registered(&gathering, spool);
        }
        rc = rc == STATUS_OK ? gathering.status : rc;
        id_map_fini(&gathering.given);
    }
    return rc;
}

void things_fini(struct things *things)
{
    for (size_t i = 0; i < REFERENCE_KIND_END; i++) {
        buffer_fini(&things->texts[i]);
    }
}

const char *things_next(const struct things *things, uint32_t kind,
                        size_t *cursor)
{
    const struct buffer *texts =
        kind < REFERENCE_KIND_END ? &things->texts[kind] : NULL;
    const char *text;

    if (texts == NULL || *cursor >= texts->size) {
        return NULL;
    }
    text = (const char *)texts->data + *cursor;
    *cursor += strlen(text) + 1;
    return text;
}
