/* GET stick: what `export --usb` last took along and brought. */
#include "agent/api/telling.h"
#include "agent/api/works.h"
#include "agent/stick/note.h"
#include "common/format/wire.h"

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct stick_note note;
    struct telling telling;
    enum status rc = stick_note_read(order->means->office, &note);

    tell_begin(&telling, order);
    say_moment(&telling.say, "wrote_at", note.wrote_at);
    say_number(&telling.say, "batches", (int64_t)note.batches);
    say_number(&telling.say, "events", (int64_t)note.events);
    say_moment(&telling.say, "took_at", note.took_at);
    say_number(&telling.say, "receipts", (int64_t)note.receipts);
    say_number(&telling.say, "documents", (int64_t)note.documents);
    say_text(&telling.say, "refusal",
             note.refusal == 0
                 ? NULL
                 : wire_refusal_text(note.refusal, order->language));
    tell_end(&telling, rc, reply);
    return DESK_DONE;
}

const struct desk_work stick_work = {.turn = tell};
