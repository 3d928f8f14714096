/* Commands of this machine: orders, and the question how things stand. */
#include "collector/line/serve.h"

#include "collector/line/serve_heal.h"
#include "collector/line/serve_recovery.h"

#include "common/base/log.h"

#define REQUESTS_MAX 16u /* of one turn */

/* ---- orders ---- */

static enum status take_order(struct serve *serve,
                              const struct control_request *request,
                              struct report *report,
                              struct control_answer *answer)
{
    if (serve_recovers(serve)) {
        answer->status = STATUS_REBUILDING;
        return STATUS_OK;
    }
    if (request->position != province_position(serve->province)) {
        answer->status = STATUS_AGAIN;
        return STATUS_OK;
    }
    answer->status =
        province_order(serve->province, request->documents,
                       request->document_count, report, answer->entries);
    if (answer->status == STATUS_OK) {
        answer->entry_count = request->document_count;
        log_info("order taken",
                 log_number("entries", (int64_t)answer->entry_count));
        return serve_let_in(serve);
    }
    /* The order's own faults are the command's; ours end the process. */
    return answer->status == STATUS_IO || answer->status == STATUS_CORRUPT ||
                   answer->status == STATUS_MEMORY
               ? answer->status
               : STATUS_OK;
}

static enum status answer_one(struct serve *serve,
                              const struct control_request *request)
{
    struct control_answer answer = {.status = STATUS_OK};
    struct report report;
    struct buffer text;
    enum status status = STATUS_OK;

    report_init(&report, request->language);
    buffer_init(&text, CONTROL_SOCKET_TEXT_MAX);
    if (request->kind == CONTROL_SOCKET_ORDER) {
        status = take_order(serve, request, &report, &answer);
        if (report.count > 0 &&
            buffer_text(&text, report.lines[0].text) != STATUS_OK) {
            buffer_clear(&text);
        }
    } else if (request->kind == CONTROL_SOCKET_STICK) {
        status = serve_stick(serve, request->documents, request->document_count,
                             &text);
        answer.status = status;
    } else if (request->kind == CONTROL_SOCKET_SCRUB) {
        serve_heal_scrub(serve);
    } else {
        answer.status = serve_standing(serve, &text);
    }
    answer.position = province_position(serve->province);
    answer.text = buffer_bytes(&text);
    control_socket_answer(serve->listen->control, &answer);
    buffer_fini(&text);
    report_fini(&report);
    return status;
}

enum status serve_control(struct serve *serve)
{
    struct control_request request;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < REQUESTS_MAX && status == STATUS_OK; i++) {
        status = control_socket_take(serve->listen->control, &request);
        if (status == STATUS_OK) {
            status = answer_one(serve, &request);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
