/* GET report: the office's own report over a period, to print. The same form as
 * the province's, of the office's own figures and labelled as such. */
#include "agent/api/asking.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/event/period.h"
#include "common/reports/form.h"
#include "common/reports/form_write.h"

static enum status write_paper(const struct form *form, struct buffer *out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    enum status status = file == NULL ? STATUS_MEMORY : STATUS_OK;

    if (status == STATUS_OK) {
        status = form_write_html(form, file);
    }
    if (file != NULL && fclose(file) != 0) {
        status = STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        status =
            buffer_append(out, (struct bytes){(const uint8_t *)text, size});
    }
    free(text);
    return status;
}

static void answer(struct desk_order *order, struct asking *asked,
                   const struct form_days *days, struct http_reply *reply)
{
    static const struct digest none = {{0}};
    char says[VIEW_SAYS_MAX];
    struct form_source source = {.fold = asked->kept->view.fold,
                                 .context = asked->context,
                                 .last = &none,
                                 .known_on = asked->request.today,
                                 .says = says};
    struct form_request request = {.days = days,
                                   .unit = asked->request.unit,
                                   .reader = asked->request.reader,
                                   .language = order->language};
    struct form *form = NULL;
    struct buffer text;
    enum status status;

    view_says(&asked->kept->view, asked->context, order->language, says);
    buffer_init(&text, DESK_REPLY_MAX);
    status = form_new(&source, &request, &form);
    if (status == STATUS_OK) {
        status = write_paper(form, &text);
    }
    if (status == STATUS_OK) {
        http_reply_take(reply, "text/html; charset=utf-8", &text);
        reply->policy = "default-src 'none'; style-src 'unsafe-inline'; "
                        "frame-ancestors 'self'";
    } else {
        desk_failed(order, status, reply);
    }
    form_free(&form);
    buffer_fini(&text);
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    static const struct language_text which = {"kế hoạch không có kỳ này",
                                               "the plan has no such period"};
    struct asking asked;
    struct form_days days;
    enum desk_turn turn = asking_turn(order, &asked, reply);

    if (asked.kept != NULL && asking_choose(order, &asked, reply)) {
        if (asked.of_period &&
            form_days(asked.plan->plan, &asked.regime, asked.period.kind,
                      asked.period.key, &days)) {
            answer(order, &asked, &days, reply);
        } else {
            desk_problem(order, 404, which, reply);
        }
    }
    asking_fini(&asked);
    return turn;
}

const struct desk_work paper_work = {
    .query = {"plan", "period", "regime", "unit", "format"}, .turn = tell};
