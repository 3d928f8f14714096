#include "agent/api/missing.h"

#include <string.h>

enum status missing_reports(const struct asking *asked, const struct plan *plan,
                            const struct period *period, uint32_t unit,
                            struct missing *missing)
{
    struct period_regime regime;
    struct silence_request about = {.plan = plan,
                                    .regime = &regime,
                                    .period = *period,
                                    .known_to = asked->request.today};
    const struct unit *found = units_find(asked->units, unit, period->to);

    memset(missing, 0, sizeof *missing);
    missing->has_unit = found != NULL;
    missing->unit = found == NULL ? 0 : units_position(asked->units, found);
    return plan_regime(plan, period->regime, &regime)
               ? silence_new(asked->kept->view.fold, asked->context, &about,
                             &missing->silence)
               : STATUS_OK;
}

enum status missing_lines(const struct asking *asked,
                          const struct context_agent *agent,
                          const struct plan *plan, const struct period *period,
                          uint32_t unit, struct missing *missing)
{
    struct indicator_request request = {
        .today = asked->request.today,
        .unit = unit,
        .reader = {.kind = FIGURE_READER_UNIT, .unit = unit},
        .language = asked->request.language};
    enum status status = missing_reports(asked, plan, period, unit, missing);

    figure_range_default(plan, &request.range);
    request.range.from = period->from;
    request.range.to = period->to;
    request.range.unit_date = period->to;
    missing->agent = agent;
    missing->unit_key = unit;
    if (status == STATUS_OK) {
        status = programmes_new(plan, asked->context, &missing->programmes);
    }
    return status == STATUS_OK
               ? indicator_rows_new(asked->kept->view.fold, asked->context,
                                    &request, &missing->rows)
               : status;
}

void missing_fini(struct missing *missing)
{
    silence_free(&missing->silence);
    indicator_rows_free(&missing->rows);
    programmes_free(&missing->programmes);
}

const struct indicator_row *missing_next(const struct missing *missing,
                                         size_t *place)
{
    while (missing->rows != NULL && *place < missing->rows->count) {
        const struct indicator_row *row = &missing->rows->rows[(*place)++];

        if (row->figure.known && !indicator_row_happened(row) &&
            (missing->agent == NULL ||
             programmes_covers(missing->programmes, missing->agent,
                               missing->unit_key, row->indicator)) &&
            (missing->silence == NULL || !missing->has_unit ||
             !silence_says_zero(missing->silence, row->indicator,
                                missing->unit))) {
            return row;
        }
    }
    return NULL;
}
