/* The pair (unit, office) that an event is recorded for, and what the office is
 * enrolled for (I8). */
#include "agent/source/source_internal.h"

#include "common/base/text.h"
#include "common/event/unit.h"

#include <stdio.h>

#define PAIRS_SHOWN_MAX 6u
#define PAIRS_TEXT_MAX  420u

/* ---- the pair ---- */

/* "unit=gso3:001 office=police" for who types it, else "Quận Ba Đình, Công
 * an". */
static int write_pair(const struct source_reading *reading,
                      const struct control_scope *scope,
                      char out[PAIRS_TEXT_MAX])
{
    const struct source *source = reading->source;
    const struct catalogue_value *office =
        vocabulary_value(context_vocabulary(source->context),
                         catalogue_enumeration("Office"), scope->office);
    const struct unit *unit =
        units_called(context_units(source->context), scope->unit,
                     reading->event->occurred_on);
    char key[UNIT_TEXT_MAX];

    unit_key_format(scope->unit, key);
    if (source->keys || unit == NULL) {
        return snprintf(out, PAIRS_TEXT_MAX, "unit=%s office=%s", key,
                        office != NULL ? office->token : "?");
    }
    return snprintf(
        out, PAIRS_TEXT_MAX, "%s %s, %s", unit->type, unit->name,
        office != NULL ? language_pick(office->label, source->language) : "?");
}

static void list_pairs(const struct source_reading *reading,
                       char out[PAIRS_TEXT_MAX])
{
    const struct context_agent *agent = reading->source->agent;
    size_t used = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < agent->scope_count; i++) {
        char one[PAIRS_TEXT_MAX];
        int length = write_pair(reading, &agent->scopes[i], one);

        if (i == PAIRS_SHOWN_MAX || length < 0 ||
            used + (size_t)length + 10 > PAIRS_TEXT_MAX) {
            (void)snprintf(out + used, PAIRS_TEXT_MAX - used, "; …");
            return;
        }
        used += (size_t)snprintf(out + used, PAIRS_TEXT_MAX - used, "%s%s",
                                 i > 0 ? "; " : "", one);
    }
}

/* The one pair of the office that fits what is known (0: anything does). NULL
 * when none does or several do. */
static const struct control_scope *only_scope(const struct source *source,
                                              uint32_t unit, uint32_t office,
                                              bool *several)
{
    const struct control_scope *only = NULL;

    *several = false;
    for (uint32_t i = 0; i < source->agent->scope_count; i++) {
        const struct control_scope *scope = &source->agent->scopes[i];

        if ((unit != 0 && scope->unit != unit) ||
            (office != 0 && scope->office != office)) {
            continue;
        }
        if (only != NULL &&
            (only->unit != scope->unit || only->office != scope->office)) {
            *several = true;
            return NULL;
        }
        only = scope;
    }
    return only;
}

static void fail_pair(struct source_reading *reading, uint32_t number,
                      bool several)
{
    char list[PAIRS_TEXT_MAX];

    list_pairs(reading, list);
    if (several) {
        source_fail(
            reading, number,
            "văn phòng được ghi cho nhiều đơn vị; hãy chọn một trong: %s",
            "this office records for several; say which: %s", list);
    } else {
        source_fail(reading, number,
                    "tỉnh không giao văn phòng này ghi cho đơn vị và cơ quan "
                    "đó; chỉ được ghi cho: %s",
                    "this office is not enrolled for that unit and office; it "
                    "is for: %s",
                    list);
    }
    reading->failed[EVENT_UNIT] = true;
    reading->failed[EVENT_OFFICE] = true;
}

void source_default_pair(struct source_reading *reading)
{
    const struct source *source = reading->source;
    struct event *event = reading->event;
    const struct control_scope *only;
    bool several;

    if (reading->failed[EVENT_UNIT] || reading->failed[EVENT_OFFICE]) {
        return;
    }
    event->unit = event->unit != 0 ? event->unit : source->unit;
    event->office = event->office != 0 ? event->office : source->office;
    if (event->unit == 0 || event->office == 0) {
        only = only_scope(source, event->unit, event->office, &several);
        if (only == NULL) {
            fail_pair(reading, event->unit != 0 ? EVENT_UNIT : EVENT_OFFICE,
                      several);
            return;
        }
        event->unit = only->unit;
        event->office = only->office;
    }
    event->header_present |= (1u << EVENT_UNIT) | (1u << EVENT_OFFICE);
}

/* ---- the scope ---- */

static void write_place(const struct source_reading *reading, uint32_t key,
                        char text[PAIRS_TEXT_MAX])
{
    const struct unit *unit =
        units_called(context_units(reading->source->context), key,
                     reading->event->occurred_on);

    if (unit == NULL || reading->source->keys) {
        unit_key_format(key, text);
    } else {
        (void)snprintf(text, PAIRS_TEXT_MAX, "%s %s", unit->type, unit->name);
    }
}

static void fail_scope(struct source_reading *reading,
                       enum context_refusal refusal)
{
    const struct event *event = reading->event;
    enum language language = reading->source->language;
    char text[PAIRS_TEXT_MAX];

    switch (refusal) {
    case CONTEXT_NO_PAIR:
        fail_pair(reading, EVENT_UNIT, false);
        break;
    case CONTEXT_NO_AREA:
        write_place(reading, event_place(event), text);
        source_fail(reading, EVENT_SUBJECT_UNIT,
                    "%s nằm ngoài địa bàn của văn phòng; hãy kiểm tra lại nơi "
                    "xảy ra, hoặc đề nghị tỉnh mở rộng địa bàn",
                    "%s lies outside of this office's area; check the place, "
                    "or ask the province to widen the area",
                    text);
        break;
    case CONTEXT_NO_PROGRAMME:
        source_fail(reading, EVENT_PROGRAMME,
                    "văn phòng không được giao chương trình này; hãy kiểm tra "
                    "lại, hoặc đề nghị tỉnh giao thêm%s",
                    "this office is not enrolled for the programme; check it, "
                    "or ask the province for it%s",
                    "");
        break;
    case CONTEXT_NO_DATE:
        text_format_date(event->occurred_on, language, text);
        source_fail(reading, EVENT_OCCURRED_ON,
                    "ngày %s nằm ngoài thời gian văn phòng được giao; hãy kiểm "
                    "tra lại ngày, hoặc đề nghị tỉnh gia hạn",
                    "%s lies outside of the dates that this office is enrolled "
                    "for; check the day, or ask the province to extend them",
                    text);
        break;
    case CONTEXT_CLOSED: /* the province's questions */
    case CONTEXT_ENDED:
    case CONTEXT_ALLOWED:
        break;
    }
}

void source_check_scope(struct source_reading *reading)
{
    static const uint32_t needed[] = {EVENT_OCCURRED_ON, EVENT_UNIT,
                                      EVENT_OFFICE, EVENT_SUBJECT_UNIT,
                                      EVENT_PROGRAMME};
    const struct event *event = reading->event;

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (reading->failed[needed[i]]) {
            return;
        }
    }
    if ((event->header_present & (1u << EVENT_OCCURRED_ON)) == 0 ||
        event->unit == 0 || event->office == 0) {
        return;
    }
    fail_scope(reading,
               context_allows(reading->source->context, reading->source->agent,
                              event->unit, event->office, event_place(event),
                              event->programme, event->occurred_on));
}
