/* GET /-/healthy: answered by the daemon's own thread, so an answer says that
 * the loop turns and not only that somebody listens. */
#include "agent/api/works.h"

#include "common/base/bytes.h"

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    static const char text[] = "ok\n";

    (void)order;
    http_reply_borrow(reply, "text/plain; charset=utf-8", bytes_of_text(text),
                      NULL, NULL);
    return DESK_DONE;
}

const struct desk_work health_work = {.turn = tell};
