/* The figures of a report as a freeze puts them on record. The hashed text
 * begins with its version, and every version that was ever signed is still
 * written here, so that what was frozen under it can be held against it. */
#include <inttypes.h>

#include "common/reports/form.h"

#define DIGEST_TEXT_MAX  (32u * 1024u * 1024u) /* UNITS_MAX rows of a line */
#define DIGEST_LINES     1u /* the version that left out the sheet by unit, */
#define DIGEST_REPORTING 2u /* that of how reports stood, see heard(), */
#define DIGEST_BY_PLAN   3u /* and that of who was heard in the whole plan */

static const char *id_of(const struct indicator_row *row)
{
    return row->target != NULL ? row->target->id : row->indicator->id;
}

static MUST_USE enum status write_figure(struct buffer *text,
                                         const struct figure *figure)
{
    return buffer_printf(
        text, " %d%d%d%d%d%d %" PRId64 "/%" PRId64, (int)figure->hidden,
        figure->known, figure->defined, figure->ratio, figure->lower_bound,
        figure->upper_bound, figure->value, figure->denominator);
}

/* What was said of a unit before decision 0051: how its report stood. */
static const char *reporting(const struct form *form,
                             const struct indicator_row *row)
{
    static const char *const tokens[] = {[SILENCE_REPORTED] = "value",
                                         [SILENCE_NOT_DUE] = "not_due",
                                         [SILENCE_NO_DAY] = "no_day",
                                         [SILENCE_LATE] = "late",
                                         [SILENCE_UNREACHABLE] = "unreachable",
                                         [SILENCE_NO_OFFICE] = "no_office"};
    size_t unit = units_position(form->units, row->unit);

    if (form->silence == NULL || row->state == RECEIVED_UNSAID ||
        row->ended != 0) {
        return "";
    }
    if (row->state == RECEIVED_VALUE) {
        return tokens[SILENCE_REPORTED];
    }
    return silence_names_zero(form->silence, row->indicator, unit)
               ? "zero_reported"
               : tokens[silence_why(form->silence, unit)];
}

/* Whether the unit's offices were ever heard. Not how far they have told all:
 * an erasure order takes the times of recording that this follows from. */
static const char *heard(const struct indicator_row *row, uint32_t version)
{
    enum received_state state =
        version == DIGEST_BY_PLAN ? row->by_plan : row->state;

    return state == RECEIVED_ZERO || state == RECEIVED_SO_FAR ||
                   state == RECEIVED_SILENT
               ? "heard"
               : received_token(state);
}

/* A line's row number `at`: its own, or one of the sheet by unit. */
static MUST_USE enum status write_row(struct buffer *text,
                                      const struct form *form, uint32_t version,
                                      const struct form_line *line, size_t at)
{
    const struct indicator_row *so_far = line->rows[FORM_SO_FAR] + at;
    const struct indicator_row *in_period = line->rows[FORM_IN_PERIOD] + at;
    enum status status = buffer_text(text, id_of(so_far));

    if (status == STATUS_OK && at > 0) {
        status = buffer_printf(text, " %" PRIu32 " %s", so_far->unit->key,
                               version == DIGEST_REPORTING
                                   ? reporting(form, in_period)
                                   : heard(in_period, version));
    }
    for (int k = 0; k < FORM_FIGURE_END && status == STATUS_OK; k++) {
        status = write_figure(text, &(line->rows[k] + at)->figure);
    }
    return status == STATUS_OK
               ? buffer_printf(text, " %s\n",
                               target_status_token(so_far->status))
               : status;
}

static MUST_USE enum status write_rows(struct buffer *text,
                                       const struct form *form,
                                       uint32_t version,
                                       const struct form_line *line,
                                       size_t count)
{
    enum status status = STATUS_OK;

    for (size_t at = 0; at < count && status == STATUS_OK; at++) {
        status = write_row(text, form, version, line, at);
    }
    return status;
}

/* The hash of a line with its units, so that no more than that is held. */
static MUST_USE enum status write_line(struct buffer *text,
                                       const struct form *form,
                                       uint32_t version,
                                       const struct form_line *line)
{
    struct digest digest;
    struct buffer rows;
    enum status status;

    buffer_init(&rows, DIGEST_TEXT_MAX);
    status = write_rows(&rows, form, version, line, line->row_count);
    if (status == STATUS_OK) {
        digest_bytes(buffer_bytes(&rows), &digest);
        status =
            buffer_append(text, (struct bytes){.data = digest.bytes,
                                               .size = sizeof digest.bytes});
    }
    buffer_fini(&rows);
    return status;
}

static MUST_USE enum status digest_as(const struct form *form, uint32_t version,
                                      struct digest *digest)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, DIGEST_TEXT_MAX);
    status =
        buffer_printf(&text, "tallyline report figures %" PRIu32 "\n", version);
    for (size_t i = 0; i < form->line_count && status == STATUS_OK; i++) {
        const struct form_line *line = &form->lines[i];

        status = version == DIGEST_LINES
                     ? write_rows(&text, form, version, line, 1)
                     : write_line(&text, form, version, line);
    }
    if (status == STATUS_OK) {
        digest_bytes(buffer_bytes(&text), digest);
    }
    buffer_fini(&text);
    return status;
}

MUST_USE enum status form_digest(const struct form *form, struct digest *digest)
{
    return digest_as(form, FORM_DIGEST_VERSION, digest);
}

MUST_USE enum status form_is_frozen(const struct form *form,
                                    const struct digest *digest, bool *is)
{
    enum status status = STATUS_OK;

    *is = false;
    for (uint32_t version = FORM_DIGEST_VERSION;
         version >= DIGEST_LINES && !*is && status == STATUS_OK; version--) {
        struct digest made;

        status = digest_as(form, version, &made);
        *is = status == STATUS_OK && digest_equal(&made, digest);
    }
    return status;
}
