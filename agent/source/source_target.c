/* What a correction corrects, and that it says why. */
#include "agent/source/source_internal.h"

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_versions.h"
#include "common/event/reference.h"

#define TYPE_CORRECTION 20u /* enum EventType */

/* Who names a correction means the version that it is: the first version is the
 * target, and this one is replaced. */
static void name_first_version(struct event *event, const struct event *target)
{
    if (target->target != 0 && target->type != TYPE_CORRECTION) {
        event->head = event->head != 0 ? event->head : event->target;
        event->target = target->target;
    }
}

static const char *type_text(const struct source *source, uint32_t number)
{
    const struct catalogue_type *type = catalogue_type(number);

    if (type == NULL) {
        return "?";
    }
    return source->keys ? type->name
                        : language_pick(type->label, source->language);
}

/* What was corrected or voided meanwhile is not corrected past that: this one
 * would undo the other without a word. */
static void check_stands(struct source_reading *reading)
{
    struct spool *spool = reading->source->spool;
    uint64_t aside = spool_corrected_aside(spool, reading->event->target);
    enum versions_standing standing;

    if (aside != 0) {
        if (aside != reading->event->head) {
            source_fail(reading, EVENT_TARGET,
                        "một dòng khác của tệp này cũng đính chính sự kiện "
                        "đó%s",
                        "another row of this file corrects that event too%s",
                        "");
        }
        return;
    }
    reading->trouble = versions_stand(spool, reading->event, &standing);
    if (reading->trouble != STATUS_OK) {
        return;
    }
    if (standing == VERSIONS_VOIDED) {
        source_fail(reading, EVENT_TARGET, "sự kiện này đã bị hủy trước đó%s",
                    "this event was voided before%s", "");
    } else if (standing == VERSIONS_REPLACED) {
        source_fail(reading, EVENT_TARGET,
                    "sự kiện này đã có bản đính chính mới hơn: hãy đính chính "
                    "bản mới nhất%s",
                    "a newer correction of this event is there: correct the "
                    "newest version%s",
                    "");
    }
}

void source_check_target(struct source_reading *reading)
{
    struct spool *spool = reading->source->spool;
    struct event *event = reading->event;
    struct spool_identity identity;
    struct event target;
    enum spool_state state;
    bool removed = false;
    enum status rc;

    if (spool == NULL || event->target == 0 || reading->failed[EVENT_TARGET]) {
        return;
    }
    reading->trouble = spool_identity(spool, &identity);
    if (reading->trouble != STATUS_OK ||
        id60_agent(event->target) != identity.agent_number ||
        id60_epoch(event->target) != identity.epoch_ordinal) {
        return;
    }
    rc = spool_event(spool, event->target, &target, &state);
    if (rc == STATUS_NOT_FOUND) {
        reading->trouble = spool_was_removed(spool, event->target, &removed);
    }
    if (removed || reading->trouble != STATUS_OK) {
        return; /* the province looks at what has left */
    }
    if (rc == STATUS_NOT_FOUND) {
        source_fail(reading, EVENT_TARGET,
                    "văn phòng không có sự kiện đó; hãy xem mã trong lệnh "
                    "outbox%s",
                    "this office has no such event; look up the id with "
                    "outbox%s",
                    "");
    } else if (rc == STATUS_OK && target.type == TYPE_CORRECTION) {
        source_fail(reading, EVENT_TARGET,
                    "đó là một lệnh hủy, không sửa được; hãy nhập lại sự kiện "
                    "mới%s",
                    "that is a void, which nothing corrects; record the event "
                    "anew%s",
                    "");
    } else if (rc == STATUS_OK && event->type != TYPE_CORRECTION &&
               target.type != event->type) {
        source_fail(reading, EVENT_TARGET,
                    "sự kiện được thay là loại %s; bản thay phải cùng loại",
                    "the event that is replaced is of type %s; the "
                    "replacement must be of that type too",
                    type_text(reading->source, target.type));
    } else if (rc != STATUS_OK) {
        reading->trouble = rc;
    } else {
        name_first_version(event, &target);
        if (!reading->source->rivals) {
            check_stands(reading);
        }
    }
}

void source_check_reason(struct source_reading *reading)
{
    if (reading->event->target != 0 && reading->event->reason == 0 &&
        !reading->failed[EVENT_REASON]) {
        source_fail(reading, EVENT_REASON,
                    "hãy chọn lý do đính chính hoặc hủy%s",
                    "say why it is corrected or voided%s", "");
    }
}
