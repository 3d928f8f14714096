#include "agent/api/save.h"

#include <string.h>

#include "agent/api/people.h"
#include "agent/api/telling.h"
#include "common/event/unit.h"

/* What a source asks for the key of an event whose cells have none. */
static void take_key(void *owner, const struct digest *content,
                     uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    (void)content;
    memcpy(key, owner, EVENT_ENTRY_KEY_BYTES);
}

static void read_cells(const struct save_request *request,
                       const struct catalogue_type *type,
                       struct source_cell cells[SAVE_CELLS_MAX])
{
    for (size_t i = 0; i < request->count; i++) {
        const struct save_cell *cell = &request->cells[i];

        cells[i] = (struct source_cell){
            .field = source_field(type, cell->name, strlen(cell->name), NULL),
            .text = cell->text,
            .size = strlen(cell->text)};
    }
}

static enum status read_and_add(const struct desk_order *order,
                                struct source *source,
                                const struct save_request *request,
                                uint64_t *id, bool *known)
{
    const struct catalogue_type *type = catalogue_type_by_name(request->type);
    struct spool *spool = order->means->office->spool;
    struct source_cell cells[SAVE_CELLS_MAX];
    struct event event;
    enum status rc;

    read_cells(request, type, cells);
    rc = source_read(source, type, cells, request->count, &event);
    *known = rc == STATUS_EXISTS;
    if (rc == STATUS_EXISTS) {
        rc = spool_find_entry(spool, event.unit, event.office, event.entry_key,
                              id);
        spool_forget(spool);
        return rc == STATUS_OK ? spool_sync(spool) : rc;
    }
    if (rc == STATUS_OK) {
        rc = spool_add(spool, &event, id, known);
    }
    return rc == STATUS_OK ? spool_commit(spool) : rc;
}

/* `known`: it had been saved before. STATUS_INVALID: `why` says what is wrong.
 * Other statuses are the spool's. */
static enum status add_event(const struct desk_order *order,
                             const struct save_request *request, uint64_t *id,
                             bool *known, char why[SOURCE_TEXT_MAX])
{
    const struct desk_means *means = order->means;
    struct office *office = means->office;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    struct source source = {.spool = office->spool,
                            .agent = office->agent,
                            .clock = means->clock,
                            .language = order->language,
                            .unit = request->unit,
                            .office = request->office,
                            .role = person_event_role(&order->who),
                            .entry_key = take_key,
                            .entry_owner = key};
    enum status rc;

    memcpy(key, request->entry_key, sizeof key);
    source.context = office->context;
    why[0] = '\0';
    *id = 0;
    *known = false;
    if (uplink_is_free(means->uplink)) {
        spool_seal_along(office->spool, means->sign_keys, means->clock);
    }
    rc = spool_begin(office->spool);
    if (rc == STATUS_OK) {
        rc = read_and_add(order, &source, request, id, known);
    }
    spool_forget(office->spool);
    spool_seal_along(office->spool, NULL, NULL);
    if (rc == STATUS_INVALID && source.issue_count > 0) {
        memcpy(why, source.issues[0].text, SOURCE_TEXT_MAX);
    }
    return rc;
}

void save_day(const struct desk_order *order, uint32_t unit, int32_t other,
              char text[TEXT_DATE_MAX])
{
    const struct units *units = context_units(order->means->office->context);
    int32_t today = clock_today(order->means->clock);
    bool in_force =
        units == NULL || unit == 0 || units_find(units, unit, today) != NULL;

    text_format_date_iso(in_force ? today : other, text);
}

bool save_read_key(const json_t *body, struct save_request *request,
                   struct http_reply *reply)
{
    const char *text = json_string_value(json_object_get(body, "entry_key"));
    size_t size = 0;

    if (text == NULL ||
        bytes_from_hex(text, request->entry_key, EVENT_ENTRY_KEY_BYTES,
                       &size) != STATUS_OK ||
        size != EVENT_ENTRY_KEY_BYTES) {
        http_reply_problem(reply, 400, "entry_key");
        return false;
    }
    return true;
}

void save_tell(struct desk_order *order, const struct save_request *request,
               struct http_reply *reply)
{
    struct telling telling;
    char why[SOURCE_TEXT_MAX];
    struct event event;
    enum spool_state state = SPOOL_SAVED;
    uint64_t id;
    bool known;
    enum status rc = add_event(order, request, &id, &known, why);

    if (rc == STATUS_INVALID) {
        desk_problem(order, 422, (struct language_text){why, why}, reply);
        return;
    }
    if (rc != STATUS_OK) {
        desk_failed(order, rc, reply);
        return;
    }
    rc = spool_event(order->means->office->spool, id, &event, &state);
    tell_begin(&telling, order);
    tell_id(&telling.say, "id", id);
    if (rc == STATUS_OK) {
        tell_event_head(&telling, &event);
        tell_state(&telling, state);
    }
    say_bool(&telling.say, "known", known);
    tell_end(&telling, rc, reply);
}
