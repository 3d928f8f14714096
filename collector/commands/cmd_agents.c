/* agents: who is enrolled, for what, and when something last came in. */
#include "collector/commands/commands.h"
#include "collector/commands/scope.h"
#include "common/base/listing.h"

#include <stdio.h>
#include <string.h>

#define PAIRS_BYTES_MAX 4096u

static const struct listing_column columns[] = {
    {"agent", {"Số hiệu", "Agent"}, LISTING_RIGHT},
    {"name", {"Trạm", "Name"}, LISTING_LEFT},
    {"pairs", {"Đơn vị và cơ quan", "Units and offices"}, LISTING_LEFT},
    {"state", {"Tình trạng", "State"}, LISTING_LEFT},
    {"epoch", {"Đợt", "Epoch"}, LISTING_RIGHT},
    {"next_seq", {"Số tiếp theo", "Next number"}, LISTING_RIGHT},
    {"last_receipt", {"Nhận lần cuối", "Last received"}, LISTING_LEFT},
};

static const char *state_of(const struct args *args,
                            const struct context_agent *agent)
{
    static const struct {
        const char *token;
        struct language_text text;
    } states[] = {{"revoked", {"đã thu hồi", "revoked"}},
                  {"closed", {"đã bàn giao", "handed over"}},
                  {"joined", {"đã đăng ký", "joined"}},
                  {"invited", {"chưa đăng ký", "not joined yet"}}};
    enum listing_format format = LISTING_TEXT;
    size_t i = agent->revoked                     ? 0
               : agent->closed_after != INT32_MAX ? 1
               : agent->joined                    ? 2
                                                  : 3;

    (void)!listing_format_given(args, &format);
    return format == LISTING_TEXT ? args_text(args, states[i].text)
                                  : states[i].token;
}

static void print_pairs(struct listing *listing, const struct context *context,
                        const struct context_agent *agent)
{
    char text[PAIRS_BYTES_MAX] = "";
    size_t used = 0;

    for (uint32_t i = 0; i < agent->scope_count; i++) {
        if (used > 0 && used + 1 < sizeof text) {
            text[used++] = ' ';
            text[used] = '\0';
        }
        scope_format_pair(&agent->scopes[i], context, text + used,
                          sizeof text - used);
        used = strlen(text);
    }
    listing_text(listing, text);
}

/* When something last came in, in whatever epoch. */
static enum status print_last_receipt(struct listing *listing,
                                      const struct ledger_snapshot *snapshot,
                                      const struct context_agent *agent)
{
    enum status status = STATUS_OK;

    for (uint32_t i = agent->epoch_count; i > 0 && status == STATUS_OK; i--) {
        struct ledger_stream stream;
        struct entry entry;

        status = ledger_stream(snapshot, &agent->id, &agent->epochs[i - 1].id,
                               &stream);
        if (status != STATUS_OK || stream.next_seq == 1) {
            continue;
        }
        status = ledger_entry(snapshot, stream.last_index, &entry);
        if (status == STATUS_OK) {
            listing_moment(listing, entry.received_at);
            return STATUS_OK;
        }
    }
    listing_none(listing);
    return status;
}

/* Where the stream of the open epoch stands. */
static enum status print_stream(struct listing *listing,
                                const struct ledger_snapshot *snapshot,
                                const struct context_agent *agent)
{
    const struct context_epoch *epoch;
    struct ledger_stream stream;
    enum status status;

    if (agent->epoch_count == 0) {
        listing_none(listing);
        listing_none(listing);
        return STATUS_OK;
    }
    epoch = &agent->epochs[agent->epoch_count - 1];
    listing_number(listing, epoch->ordinal);
    status = ledger_stream(snapshot, &agent->id, &epoch->id, &stream);
    if (status == STATUS_OK) {
        listing_number(listing, (int64_t)stream.next_seq);
    } else {
        listing_none(listing);
    }
    return status;
}

static enum status print_all(const struct args *args,
                             const struct reading *reading,
                             enum listing_format format)
{
    const struct context *context = province_context(reading->province);
    struct ledger_snapshot *snapshot = NULL;
    struct listing *listing = NULL;
    enum status status =
        listing_open(format, args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);
    enum status closed;

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(reading->ledger, &snapshot);
    }
    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        const struct context_agent *agent = context_agent_at(context, i);
        enum status receipt;

        listing_number(listing, agent->number);
        listing_text(listing, agent->name);
        print_pairs(listing, context, agent);
        listing_text(listing, state_of(args, agent));
        /* Both in any case: a row that was begun is ended. */
        status = print_stream(listing, snapshot, agent);
        receipt = print_last_receipt(listing, snapshot, agent);
        status = status == STATUS_OK ? receipt : status;
    }
    ledger_snapshot_close(&snapshot);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

enum status cmd_agents(const struct args *args, void *context)
{
    enum listing_format format = LISTING_TEXT;
    struct reading reading;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = print_all(args, &reading, format);
    }
    reading_close(&reading);
    return status;
}
