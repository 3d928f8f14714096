/* GET received: how many of the events from one id to another the province has,
 * which is what became of one import. */
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <string.h>

#include "agent/spool/spool_outbox.h"
#include "common/event/reference.h"

static bool read_id(const struct desk_order *order, const char *name,
                    uint64_t *id)
{
    const char *text = desk_query(order, name);

    return text != NULL && event_id_parse(text, strlen(text), id) == STATUS_OK;
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct spool_part part;
    struct telling telling;
    uint64_t first = 0, last = 0;
    enum status rc = STATUS_INVALID;

    if (read_id(order, "first", &first) && read_id(order, "last", &last)) {
        rc = spool_part(order->means->office->spool, first, last, &part);
    }
    if (rc == STATUS_INVALID) {
        http_reply_problem(reply, 400, "first, last");
        return DESK_DONE;
    }
    tell_begin(&telling, order);
    if (rc == STATUS_OK) {
        say_number(&telling.say, "events", (int64_t)part.events);
        say_number(&telling.say, "received", (int64_t)part.received);
        say_number(&telling.say, "to_mend", (int64_t)part.to_mend);
        say_number(&telling.say, "moved", (int64_t)part.moved);
    }
    tell_end(&telling, rc, reply);
    return DESK_DONE;
}

const struct desk_work received_work = {.query = {"first", "last"},
                                        .turn = tell};
