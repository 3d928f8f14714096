/* audit show: one event or one entry, and all that the ledger says about it.
 *
 * What is printed of an event needs two look-ups and one batch, at any size of
 * the ledger. */
#include "collector/commands/commands.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "collector/audit/evidence.h"
#include "collector/audit/show_counts.h"
#include "collector/commands/order_words.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/format/fingerprint.h"

struct showing {
    const struct args *args;
    struct reading reading;
    struct ledger_snapshot *snapshot;
    struct batch_cache *cache;
    struct evidence_name name;
    struct evidence evidence;
    struct event event; /* that was asked for */
    struct words words;
};

static const char *pick(const struct showing *self, const char *vi,
                        const char *en)
{
    return self->args->language == LANGUAGE_EN ? en : vi;
}

__attribute__((format(printf, 3, 4))) static void line(const char *label,
                                                       const char *before,
                                                       const char *format, ...)
{
    va_list values;

    (void)fprintf(stdout, "%s%s: ", before, label);
    va_start(values, format);
    (void)vfprintf(stdout, format, values);
    va_end(values);
    (void)fputc('\n', stdout);
}

static void line_hex(const char *label, const uint8_t *data, size_t size)
{
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];

    if (bytes_to_hex((struct bytes){data, size}, hex, sizeof hex) ==
        STATUS_OK) {
        line(label, "  ", "%s", hex);
    }
}

static void line_moment(const struct showing *self, const char *label,
                        int64_t moment)
{
    char clock[TEXT_MOMENT_MAX], text[TEXT_MOMENT_MAX];

    text_format_clock(moment, self->args->language, clock);
    text_format_moment(moment, text);
    line(label, "  ", "%s (%s)", clock, text);
}

/* ---- what it says ---- */

static enum status read_event(struct showing *self, const struct entry *entry,
                              uint64_t id, struct event *event)
{
    const struct batch_view *view = NULL;
    enum status status =
        batch_cache_get(self->cache, self->snapshot, entry, &view);

    if (status == STATUS_OK) {
        batch_view_event(view, (uint32_t)(id60_number(id) - entry->first_seq),
                         event);
    }
    return status;
}

static void show_fields(const struct showing *self, const struct event *event)
{
    char text[WORDS_TEXT_MAX];

    for (uint32_t field = words_next(event, 0); field != 0;
         field = words_next(event, field)) {
        words_field(&self->words, event, field, text);
        line(words_label(&self->words, event, field), "  ", "%s", text);
    }
    if (event->unknown_bytes > 0) {
        line(pick(self, "Byte chưa biết, được giữ mà không hiện",
                  "Bytes that are not known, kept and not shown"),
             "  ", "%" PRIu32, event->unknown_bytes);
    }
}

static enum status show_event(struct showing *self)
{
    uint64_t id = self->evidence.event;
    char word[EVENT_ID_TEXT_MAX];
    enum status status =
        read_event(self, &self->evidence.entry, id, &self->event);

    if (status != STATUS_OK) {
        return status;
    }
    event_id_format(id, word);
    (void)printf("%s %s: %s\n", pick(self, "Sự kiện", "Event"), word,
                 words_type(&self->words, &self->event));
    if (self->event.erased != 0) {
        (void)printf("  %s\n",
                     pick(self, "Đã xóa theo lệnh; chỉ còn phần đã được tính",
                          "Erased by order; what is left is what it counted "
                          "for"));
    }
    show_fields(self, &self->event);
    return STATUS_OK;
}

/* What the fold says: when it is asked for, or a kept state makes it quick. */
static enum status show_fold(struct showing *self)
{
    static const struct language_text how = {
        "Có được tính hay không, và vào đâu: --counts",
        "Whether it counts, and where: --counts"};
    enum status status;

    if (!args_flag(self->args, "counts") &&
        access(self->reading.directory.state, R_OK) != 0) {
        (void)printf("%s\n", args_text(self->args, how));
        return STATUS_OK;
    }
    status = reading_fold(self->args, &self->reading);
    if (status != STATUS_OK) {
        return status;
    }
    status = show_counts(self->args, &self->reading, self->snapshot,
                         self->evidence.event, &self->event);
    return status == STATUS_OK
               ? status
               : command_fail(self->args, self->args->operands[0], status);
}

/* ---- where it is and what proves it ---- */

static const char *signature_text(const struct showing *self)
{
    switch (self->evidence.signature) {
    case EVIDENCE_GOOD:
        return pick(self, "đúng", "good");
    case EVIDENCE_WRONG:
        return pick(self, "SAI", "WRONG");
    case EVIDENCE_NO_KEY:
        return pick(self, "không có khóa nào có hiệu lực lúc đó",
                    "no key was in force for it");
    default:
        return pick(self, "không kiểm tra được: không có nội dung",
                    "cannot be checked: the bytes are not there");
    }
}

/* The order, and the entry that it became. */
static void show_erasure(const struct showing *self)
{
    struct control *order = NULL;
    char text[ORDER_WORDS_MAX];
    uint64_t index = 0;

    if (self->evidence.found != STATUS_ERASED ||
        ledger_erasure(self->snapshot, &self->evidence.entry, &order, &index) !=
            STATUS_OK) {
        return;
    }
    order_words(order, self->args->language, text);
    line(pick(self, "Lệnh xóa", "Order to erase"), "  ", "%s %" PRIu64 ": %s",
         pick(self, "mục", "entry"), index, text);
    control_free(&order);
}

static void show_proof(const struct showing *self)
{
    const struct evidence *evidence = &self->evidence;
    const struct entry *entry = &evidence->entry;

    line_moment(self, pick(self, "Tỉnh nhận lúc", "Received"),
                entry->received_at);
    if ((entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0) {
        line(pick(self, "Đồng hồ của tỉnh", "Clock of the province"), "  ",
             "%s",
             pick(self, "vừa bị lùi lại; lấy giờ của mục trước",
                  "had stepped back; the time is that of the entry before"));
    }
    line_hex(entry->kind == ENTRY_BATCH
                 ? pick(self, "SHA-256 của lô", "SHA-256 of the batch")
                 : pick(self, "SHA-256 của văn bản", "SHA-256 of the document"),
             entry->digest.bytes, DIGEST_BYTES);
    line_hex(pick(self, "SHA-256 của mục (biên nhận)",
                  "SHA-256 of the entry (the receipt)"),
             evidence->record.bytes, DIGEST_BYTES);
    line(pick(self, "Chữ ký", "Signature"), "  ", "%s", signature_text(self));
    if (evidence->signature == EVIDENCE_GOOD ||
        evidence->signature == EVIDENCE_WRONG) {
        line_hex(pick(self, "Khóa có hiệu lực", "Key in force"),
                 evidence->key.bytes, PUBLIC_KEY_BYTES);
    }
    if (evidence->found != STATUS_OK) {
        line(pick(self, "Nội dung", "Bytes"), "  ", "%s",
             status_text(evidence->found, self->args->language));
        show_erasure(self);
    }
}

static void show_sender(const struct showing *self)
{
    const struct entry *entry = &self->evidence.entry;
    const struct context_agent *agent = context_agent(
        province_context(self->reading.province), entry->agent_number);

    if (agent == NULL) {
        line(pick(self, "Trạm", "Agent"), "  ", "%" PRIu32,
             entry->agent_number);
    } else {
        line(pick(self, "Trạm", "Agent"), "  ", "%" PRIu32 " \"%s\"",
             entry->agent_number, agent->name);
    }
}

static void show_batch(const struct showing *self)
{
    const struct evidence *evidence = &self->evidence;
    const struct entry *entry = &evidence->entry;
    char first[EVENT_ID_TEXT_MAX];

    event_id_format(id60_make(entry->agent_number, entry->epoch_ordinal,
                              (uint32_t)entry->first_seq),
                    first);
    (void)printf(self->args->language == LANGUAGE_EN
                     ? "Entry %" PRIu64 ": a batch of %" PRIu32
                       " events from %s on\n"
                     : "Mục %" PRIu64 ": lô %" PRIu32 " sự kiện từ %s\n",
                 entry->index, entry->count, first);
    show_sender(self);
    if (evidence->readable) {
        line_moment(self, pick(self, "Niêm phong lúc", "Sealed"),
                    evidence->header.sealed_at);
    }
    show_proof(self);
}

static void line_key(const struct showing *self, const char *label,
                     const struct public_key *key)
{
    const struct public_key *const keys[] = {key};
    char text[FINGERPRINT_TEXT_MAX];

    line_hex(label, key->bytes, PUBLIC_KEY_BYTES);
    fingerprint_make(keys, 1, text);
    line(pick(self, "  dấu vân tay", "  fingerprint"), "  ", "%s", text);
}

/* The keys that everything else is held against: an office has the same in its
 * agent.yaml. */
static void show_keys(const struct showing *self)
{
    const struct control *control = self->evidence.control;
    const struct public_key *administrator = NULL;
    const struct public_key *ledger_key = NULL;

    if (control->kind == CONTROL_GENESIS) {
        administrator = &control->genesis.administrator;
        ledger_key = &control->genesis.ledger_key;
    } else if (control->kind == CONTROL_BREAK &&
               control_changes_keys(&control->broken)) {
        administrator = &control->broken.administrator;
        ledger_key = &control->broken.ledger_key;
        (void)printf("  %s\n",
                     pick(self,
                          "KHÓA MỚI của tỉnh, không được ký bằng khóa cũ: hãy "
                          "so với các trạm",
                          "NEW KEYS of the province, not signed by the old "
                          "ones: compare them with offices"));
    }
    if (administrator != NULL) {
        line_key(self, pick(self, "Khóa quản trị", "Administrator's key"),
                 administrator);
        line_key(self, pick(self, "Khóa của sổ cái", "Key of the ledger"),
                 ledger_key);
    }
}

static void show_control(const struct showing *self)
{
    const struct evidence *evidence = &self->evidence;
    char text[ORDER_WORDS_MAX] = "";

    if (evidence->readable) {
        order_words(evidence->control, self->args->language, text);
    }
    (void)printf(
        "%s %" PRIu64 ": %s\n", pick(self, "Mục", "Entry"),
        evidence->entry.index,
        order_title(&evidence->entry, evidence->control, self->args->language));
    if (text[0] != '\0') {
        (void)printf("  %s\n", text);
    }
    if (evidence->readable) {
        line_moment(self, pick(self, "Ký lúc", "Signed"),
                    evidence->control->created_at);
        show_keys(self);
    }
    show_proof(self);
}

/* ---- the command ---- */

static enum status find(struct showing *self)
{
    static const struct language_text none = {
        "sổ cái không có sự kiện hay mục này",
        "the ledger has no such event or entry"};
    struct entry entry;
    enum status status =
        ledger_snapshot_open(self->reading.ledger, &self->snapshot);

    if (status == STATUS_OK) {
        status = evidence_entry(self->snapshot, &self->name, &entry);
    }
    if (status == STATUS_NOT_FOUND) {
        args_error(self->args, "%s: %s", self->args->operands[0],
                   args_text(self->args, none));
        return status;
    }
    if (status == STATUS_OK) {
        status = evidence_open(self->snapshot,
                               province_context(self->reading.province), &entry,
                               &self->evidence);
    }
    return status == STATUS_OK
               ? status
               : command_fail(self->args, self->args->operands[0], status);
}

static enum status show(struct showing *self)
{
    enum status status = STATUS_OK;

    if (self->name.kind == EVIDENCE_EVENT) {
        self->evidence.event = self->name.number;
        self->cache = batch_cache_new(1);
        status = self->cache == NULL ? STATUS_MEMORY : show_event(self);
        if (status != STATUS_OK) {
            (void)command_fail(self->args, self->args->operands[0], status);
        }
    }
    if (self->evidence.entry.kind == ENTRY_BATCH) {
        show_batch(self);
    } else {
        show_control(self);
    }
    if (status == STATUS_OK && self->name.kind == EVIDENCE_EVENT) {
        status = show_fold(self);
    }
    return status == STATUS_OK && self->evidence.signature == EVIDENCE_WRONG
               ? STATUS_CORRUPT
               : status;
}

enum status cmd_audit_show(const struct args *args, void *unused)
{
    static const struct language_text wrong = {
        "cần mã sự kiện (271.1.42), số mục của sổ cái, hoặc mã băm SHA-256",
        "must be the id of an event (271.1.42), the index of an entry, or a "
        "SHA-256"};
    struct showing self = {.args = args};
    enum status status;

    (void)unused;
    if (evidence_parse(args->operands[0], &self.name) != STATUS_OK) {
        args_error(args, "%s: %s", args->operands[0], args_text(args, wrong));
        return STATUS_USAGE;
    }
    status = reading_open(args, &self.reading);
    if (status == STATUS_OK) {
        const struct context *context = province_context(self.reading.province);

        self.words = (struct words){.units = context_units(context),
                                    .vocabulary = context_vocabulary(context),
                                    .language = args->language};
        status = find(&self);
    }
    if (status == STATUS_OK) {
        status = show(&self);
    }
    evidence_fini(&self.evidence);
    batch_cache_free(&self.cache);
    ledger_snapshot_close(&self.snapshot);
    reading_close(&self.reading);
    return status;
}
