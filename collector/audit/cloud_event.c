#include "collector/audit/cloud_event.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "collector/commands/order_words.h"
#include "common/base/render.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#define NUMBER_MAX (UINT64_C(1) << 53) /* that every reader of JSON keeps */
#define WORD_MAX   96u

static void put(json_t *object, const char *name, const char *text)
{
    if (text[0] != '\0') {
        (void)json_object_set_new(object, name, json_string(text));
    }
}

static void put_number(json_t *object, const char *name, uint64_t number)
{
    char text[WORD_MAX];

    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    put(object, name, text);
}

static void put_moment(json_t *object, const char *name, int64_t moment)
{
    char text[TEXT_MOMENT_MAX];

    if (moment != 0) {
        text_format_moment(moment, text);
        put(object, name, text);
    }
}

static void put_hash(json_t *object, const char *name,
                     const struct digest *digest)
{
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];

    if (bytes_to_hex((struct bytes){digest->bytes, DIGEST_BYTES}, hex,
                     sizeof hex) == STATUS_OK) {
        put(object, name, hex);
    }
}

/* The ledger's id as a UUID, and the agent in it. */
static void put_source(json_t *object, const struct cloud_event_source *source,
                       uint32_t agent)
{
    static const struct random_id none = {{0}};
    const uint8_t *id =
        source->genesis == NULL ? none.bytes : source->genesis->ledger_id.bytes;
    char text[WORD_MAX] = "urn:uuid:";
    size_t used = strlen(text);

    for (size_t i = 0; i < RANDOM_ID_BYTES; i++) {
        used += (size_t)snprintf(
            text + used, sizeof text - used, "%s%02x",
            i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
    }
    if (agent != 0) {
        (void)snprintf(text + used, sizeof text - used, "#agent-%" PRIu32,
                       agent);
    }
    put(object, "source", text);
}

/* What every line begins with. */
static json_t *begin(const struct cloud_event_source *source, uint32_t agent,
                     const char *id, const char *kind, const char *name)
{
    json_t *object = json_object();
    char type[WORD_MAX];

    (void)snprintf(type, sizeof type, CLOUD_EVENT_TYPE "%s.%s", kind, name);
    put(object, "specversion", "1.0");
    put(object, "id", id);
    put_source(object, source, agent);
    put(object, "type", type);
    return object;
}

static void put_entry(json_t *object, const struct entry *entry)
{
    put_number(object, "ledgerindex", entry->index);
    put_moment(object, "receivedat", entry->received_at);
    put_hash(object, "contenthash", &entry->digest);
}

static enum status write_line(json_t *object, json_t *data, FILE *out)
{
    enum status status = STATUS_OK;

    put(object, "datacontenttype", "application/json");
    if (object == NULL || data == NULL ||
        json_object_set_new(object, "data", data) != 0) {
        json_decref(object);
        return STATUS_MEMORY;
    }
    if (json_dumpf(object, out, JSON_COMPACT | JSON_PRESERVE_ORDER) != 0 ||
        fputc('\n', out) == EOF) {
        status = STATUS_IO;
    }
    json_decref(object);
    return status;
}

/* ---- an event ---- */

static bool is_list(const struct catalogue_field *field)
{
    return field->kind == FIELD_VALUES || field->kind == FIELD_UNITS ||
           field->kind == FIELD_COUNTS;
}

static json_t *number_or_text(uint64_t number, const char *text)
{
    return number < NUMBER_MAX ? json_integer((json_int_t)number)
                               : json_string(text);
}

/* The items stand between semicolons, which are in no word and no number. */
static json_t *list_of(const struct event *event,
                       const struct catalogue_field *field, char *text)
{
    json_t *list = json_array();
    size_t count = 0;
    const uint32_t *items = event_items(event, field->number, &count);
    char *rest = NULL;

    for (char *word = strtok_r(text, ";", &rest); word != NULL && count > 0;
         word = strtok_r(NULL, ";", &rest), items++, count--) {
        (void)json_array_append_new(list, field->kind == FIELD_COUNTS
                                              ? json_integer(*items)
                                              : json_string(word));
    }
    return list;
}

static void put_body(json_t *data, const struct event *event,
                     const struct catalogue_field *field,
                     const struct vocabulary *vocabulary)
{
    uint32_t number = EVENT_BODY_BASE + field->number;
    char text[RENDER_TEXT_MAX];
    json_t *value;

    render_field(event, number, vocabulary, text);
    if (is_list(field)) {
        value = list_of(event, field, text);
    } else if (field->kind == FIELD_FLAG) {
        value = json_boolean(event_get(event, field->number) != 0);
    } else if (render_is_number(event, number)) {
        value = number_or_text(event_get(event, field->number), text);
    } else {
        value = json_string(text);
    }
    (void)json_object_set_new(data, field->name, value);
}

static json_t *data_of(const struct event *event,
                       const struct vocabulary *vocabulary)
{
    static const uint32_t fields[] = {EVENT_OCCURRED_ON,     EVENT_UNIT,
                                      EVENT_OFFICE,          EVENT_ROLE,
                                      EVENT_SUBJECT_UNIT,    EVENT_PROGRAMME,
                                      EVENT_DOCUMENT_NUMBER, EVENT_REASON,
                                      EVENT_ENTRY_KEY};
    const struct catalogue_type *type = catalogue_type(event->type);
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    char text[RENDER_TEXT_MAX];
    json_t *data = json_object();

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        render_field(event, fields[i], vocabulary, text);
        put(data, header[fields[i] - 1].name, text);
    }
    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        if (event_has(event, type->fields[i].number)) {
            put_body(data, event, &type->fields[i], vocabulary);
        }
    }
    return data;
}

static void put_event_id(json_t *object, const char *name, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    if (id != 0) {
        event_id_format(id, text);
        put(object, name, text);
    }
}

enum status cloud_event_write(const struct cloud_event_source *source,
                              const struct entry *entry, uint64_t id,
                              const struct event *event, FILE *out)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    const char *name = event->fault != EVENT_FAULT_NONE ? "unreadable"
                       : type == NULL                   ? "undeclared"
                                                        : type->name;
    char text[RENDER_TEXT_MAX];
    json_t *object;

    event_id_format(id, text);
    object = begin(source, entry->agent_number, text, "event", name);
    unit_key_format(event_place(event), text);
    put(object, "subject", event_place(event) == 0 ? "" : text);
    put_moment(object, "time", event->recorded_at);
    put_entry(object, entry);
    put_event_id(object, "corrects", event->target);
    put_event_id(object, "replaces", event->head);
    if (event->erased != 0) {
        put(object, "erased", "by order");
    }
    return write_line(object, data_of(event, source->vocabulary), out);
}

/* ---- a control entry ---- */

enum status cloud_event_control(const struct cloud_event_source *source,
                                const struct entry *entry,
                                const struct control *control, FILE *out)
{
    char text[ORDER_WORDS_MAX];
    json_t *object, *data = json_object();

    (void)snprintf(text, sizeof text, "entry-%" PRIu64, entry->index);
    object = begin(source, 0, text, "control", order_token(entry, control));
    if (control != NULL) {
        put_moment(object, "time", control->created_at);
        order_words(control, LANGUAGE_EN, text);
        put(data, "says", text);
    }
    put_entry(object, entry);
    return write_line(object, data, out);
}
