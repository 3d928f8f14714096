#include "collector/audit/difference_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/audit/chains.h"
#include "collector/audit/difference_facts.h"
#include "collector/commands/order_words.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/figures/indicator_text.h"

#define CHANGE_TEXT_MAX (2u * INDICATOR_TEXT_MAX + 4u)

struct printer {
    const struct args *args;
    const struct difference *difference;
    const struct difference_facts_source *source;
    struct words words;
    uint64_t most;
};

static bool is_english(const struct printer *self)
{
    return self->args->language == LANGUAGE_EN;
}

static const char *pick(const struct printer *self, const char *vi,
                        const char *en)
{
    return is_english(self) ? en : vi;
}

/* ---- for people ---- */

static void value_text(const struct printer *self,
                       const struct difference_value *value,
                       char text[INDICATOR_TEXT_MAX])
{
    if (!value->there) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       pick(self, "chưa có trong kế hoạch", "not in the plan"));
    } else if (!value->figure.known) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       pick(self, "chưa tính được", "not computed"));
    } else if (!difference_has_number(value)) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       received_text(value->state, self->args->language));
    } else if (!value->figure.defined) {
        (void)snprintf(
            text, INDICATOR_TEXT_MAX, "%s",
            figure_nothing_text(&value->figure, self->args->language));
    } else {
        (void)indicator_figure_text(&value->figure, self->args->language, text);
    }
}

/* "+5", or "+1/+3" of a ratio. */
static void change_text(const struct printer *self, int64_t amount,
                        int64_t denominator, bool ratio,
                        char text[CHANGE_TEXT_MAX])
{
    char first[INDICATOR_TEXT_MAX], second[INDICATOR_TEXT_MAX];

    indicator_number_text(amount, self->args->language, first);
    indicator_number_text(denominator, self->args->language, second);
    if (ratio) {
        (void)snprintf(text, CHANGE_TEXT_MAX, "%s%s/%s%s",
                       amount > 0 ? "+" : "", first, denominator > 0 ? "+" : "",
                       second);
    } else {
        (void)snprintf(text, CHANGE_TEXT_MAX, "%s%s", amount > 0 ? "+" : "",
                       first);
    }
}

static bool is_ratio(const struct difference_figure *figure)
{
    return figure->before.figure.ratio || figure->after.figure.ratio;
}

static void print_event(const struct printer *self, uint64_t id,
                        const struct difference_facts *facts)
{
    const struct event *event = &facts->event;
    char word[EVENT_ID_TEXT_MAX], target[EVENT_ID_TEXT_MAX];
    char day[TEXT_DATE_MAX], place[WORDS_UNIT_TEXT_MAX];
    uint64_t parent = chains_parent(event);

    event_id_format(id, word);
    text_format_date(event->occurred_on, self->args->language, day);
    words_unit(&self->words, event_place(event), event->occurred_on, place);
    (void)printf("%s %s: %s, %s %s, %s", pick(self, "sự kiện", "event"), word,
                 words_type(&self->words, event),
                 pick(self, "xảy ra ngày", "of"), day, place);
    if (parent != 0) {
        event_id_format(parent, target);
        (void)printf("; %s %s", pick(self, "đính chính", "corrects"), target);
    }
}

static void print_control(const struct printer *self,
                          const struct difference_facts *facts)
{
    char text[ORDER_WORDS_MAX] = "";

    if (facts->control != NULL) {
        order_words(facts->control, self->args->language, text);
    }
    (void)printf(
        "%s %s",
        order_title(&facts->entry, facts->control, self->args->language), text);
}

static void print_days(const struct printer *self)
{
    const struct difference *difference = self->difference;
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];

    text_format_date(difference->before.day, self->args->language, from);
    text_format_date(difference->after.day, self->args->language, to);
    (void)printf("%s %s %s %s\n",
                 pick(self, "thời gian trôi qua, từ", "the days that passed,"),
                 from, pick(self, "đến", "to"), to);
}

static enum status print_cause(const struct printer *self,
                               const struct difference_figure *figure,
                               const struct difference_cause *cause)
{
    struct difference_facts facts;
    char change[CHANGE_TEXT_MAX], clock[TEXT_MOMENT_MAX];
    enum status status = difference_facts_find(self->source, cause, &facts);

    if (status != STATUS_OK) {
        return status;
    }
    change_text(self, cause->amount, cause->denominator, is_ratio(figure),
                change);
    (void)printf("  %8s  ", change);
    if (cause->kind == DIFFERENCE_DAYS) {
        print_days(self);
        return STATUS_OK;
    }
    text_format_clock(facts.entry.received_at, self->args->language, clock);
    (void)printf("%s %" PRIu64 ", %s %s: ", pick(self, "mục", "entry"),
                 cause->entry, pick(self, "nhận", "received"), clock);
    if (cause->kind == DIFFERENCE_EVENT) {
        print_event(self, cause->event, &facts);
    } else if (cause->kind == DIFFERENCE_CONTROL) {
        print_control(self, &facts);
    } else {
        (void)printf("%" PRIu64 " %s", cause->event,
                     pick(self, "sự kiện đến mục này, không tách riêng",
                          "events up to here, not told apart"));
    }
    (void)fputc('\n', stdout);
    control_free(&facts.control);
    return STATUS_OK;
}

static int64_t size_of(const struct difference_cause *cause)
{
    return llabs(cause->amount) + llabs(cause->denominator);
}

/* How much a cause has to move the figure by to be among the `most` that move
 * it most; what is equal to that is taken from the front. */
static int64_t least_shown(const struct difference_cause causes[], size_t count,
                           uint64_t most, size_t *equal)
{
    int64_t low = 0, high = INT64_MAX;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        uint64_t above = 0;

        for (size_t i = 0; i < count; i++) {
            above += size_of(&causes[i]) > middle;
        }
        if (above > most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *equal = (size_t)most;
    for (size_t i = 0; i < count; i++) {
        *equal -= size_of(&causes[i]) > low;
    }
    return low;
}

static enum status print_causes(const struct printer *self,
                                const struct difference_figure *figure,
                                const struct difference_cause causes[],
                                size_t count)
{
    size_t equal = 0, others = 0;
    int64_t least = least_shown(causes, count, self->most, &equal);
    int64_t amount = 0, denominator = 0;
    char change[CHANGE_TEXT_MAX];
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (size_of(&causes[i]) > least ||
            (size_of(&causes[i]) == least && equal > 0)) {
            equal -= size_of(&causes[i]) == least;
            status = print_cause(self, figure, &causes[i]);
        } else {
            others++;
            amount += causes[i].amount;
            denominator += causes[i].denominator;
        }
    }
    if (others > 0) {
        change_text(self, amount, denominator, is_ratio(figure), change);
        (void)printf("  %8s  %zu %s\n", change, others,
                     pick(self, "nguyên nhân khác (--limit để xem thêm)",
                          "other causes (--limit shows more)"));
    }
    return status;
}

static void print_figure(const struct printer *self,
                         const struct difference_figure *figure)
{
    char before[INDICATOR_TEXT_MAX], after[INDICATOR_TEXT_MAX];
    char change[CHANGE_TEXT_MAX];

    value_text(self, &figure->before, before);
    value_text(self, &figure->after, after);
    (void)printf("\n%s  %s (%s), %s\n",
                 figure->target[0] != '\0' ? figure->target : figure->indicator,
                 figure->label, figure->unit_of_count, figure->unit_name);
    if (figure->moved) {
        change_text(self, figure->change, figure->change_denominator,
                    is_ratio(figure), change);
        (void)printf("  %s → %s (%s)\n", before, after, change);
    } else {
        (void)printf("  %s, %s\n", after, pick(self, "không đổi", "the same"));
    }
    if (figure->before.status != figure->after.status) {
        (void)printf(
            "  %s: %s → %s\n", pick(self, "tình trạng", "status"),
            target_status_text(figure->before.status, self->args->language),
            target_status_text(figure->after.status, self->args->language));
    }
}

static void print_end(const struct printer *self, const char *label,
                      const struct difference_end *end)
{
    char day[TEXT_DATE_MAX], from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];
    char date[TEXT_DATE_MAX], hash[BYTES_HEX_SIZE(DIGEST_BYTES)] = "";
    enum language language = self->args->language;

    text_format_date(end->day, language, day);
    text_format_date(end->range.from, language, from);
    text_format_date(end->range.to, language, to);
    text_format_date(end->range.unit_date, language, date);
    if (bytes_to_hex((struct bytes){end->last.bytes, DIGEST_BYTES}, hash,
                     sizeof hash) != STATUS_OK) {
        hash[0] = '\0';
    }
    if (is_english(self)) {
        (void)printf("%s: ledger of %" PRIu64 " entries, %s; last received %s; "
                     "occurred %s to %s; plan %s revision %" PRIu32
                     " (entry %" PRIu64 "); units of %s\n",
                     label, end->size, hash, day, from, to, end->plan,
                     end->revision, end->plan_entry, date);
    } else {
        (void)printf("%s: sổ cái %" PRIu64 " mục, %s; nhận cuối ngày %s; phát "
                     "sinh từ %s đến %s; kế hoạch %s bản %" PRIu32
                     " (mục %" PRIu64 "); đơn vị hành chính ngày %s\n",
                     label, end->size, hash, day, from, to, end->plan,
                     end->revision, end->plan_entry, date);
    }
}

static enum status print_words(const struct printer *self)
{
    const struct difference *difference = self->difference;
    size_t at = 0;
    enum status status = STATUS_OK;

    print_end(self, pick(self, "Trước", "Before"), &difference->before);
    print_end(self, pick(self, "Sau", "After"), &difference->after);
    if (difference->figure_count == 0) {
        (void)printf("\n%s\n", pick(self, "Không số liệu nào thay đổi.",
                                    "No figure differs."));
    }
    for (size_t i = 0; i < difference->figure_count && status == STATUS_OK;
         i++) {
        size_t end = at;

        while (end < difference->cause_count &&
               difference->causes[end].figure == i) {
            end++;
        }
        print_figure(self, &difference->figures[i]);
        status = print_causes(self, &difference->figures[i],
                              &difference->causes[at], end - at);
        at = end;
    }
    (void)printf("\n%s\n",
                 pick(self, "Chưa ẩn số nhỏ: chỉ để kiểm tra, không phổ biến.",
                      "Nothing is hidden: for the audit, not to be given on."));
    return status;
}

enum status difference_print(const struct args *args, struct reading *reading,
                             const struct difference *difference,
                             enum listing_format format, uint64_t most)
{
    const struct context *context = province_context(reading->province);
    struct difference_facts_source source = {.context = context};
    struct chains_progress silent = {.owner = NULL};
    struct printer self = {.args = args,
                           .difference = difference,
                           .source = &source,
                           .words = {.units = context_units(context),
                                     .vocabulary = context_vocabulary(context),
                                     .language = args->language},
                           .most = most};
    enum status status =
        ledger_snapshot_open(reading->ledger, &source.snapshot);

    if (status == STATUS_OK) {
        status = chains_new(source.snapshot, false, silent, &source.chains);
    }
    if (status == STATUS_OK) {
        status = format == LISTING_TEXT
                     ? print_words(&self)
                     : difference_rows(args, &source, difference, format);
    }
    chains_free(&source.chains);
    ledger_snapshot_close(&source.snapshot);
    return status == STATUS_OK
               ? status
               : command_fail(args, reading->directory.path, status);
}
