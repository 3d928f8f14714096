#include "collector/commands/order_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/event/period.h"
#include "common/event/unit.h"

#define MISSING (CONTROL_BREAK + 1) /* an entry that was lost */

static const struct {
    const char *token;
    struct language_text title;
} kinds[] = {
    [0] = {"unknown", {"Lệnh chưa biết", "An order that is not known"}},
    [CONTROL_GENESIS] = {"genesis", {"Mở sổ cái", "The ledger begins"}},
    [CONTROL_PLAN] = {"plan", {"Nạp kế hoạch", "A plan was loaded"}},
    [CONTROL_UNITS] = {"units",
                       {"Nạp danh mục đơn vị hành chính",
                        "A list of units was loaded"}},
    [CONTROL_VOCABULARY] = {"vocabulary",
                            {"Nạp từ vựng", "A vocabulary was loaded"}},
    [CONTROL_ENROLMENT] = {"enrolment",
                           {"Cấp quyền cho trạm", "An office was enrolled"}},
    [CONTROL_JOINED] = {"joined", {"Trạm đăng ký", "An agent joined"}},
    [CONTROL_KEY_CHANGE] = {"key_change",
                            {"Trạm đổi khóa", "An agent changed its keys"}},
    [CONTROL_EPOCH_OPENED] = {"epoch_opened",
                              {"Trạm mở đợt mới", "An agent opened an epoch"}},
    [CONTROL_REVOCATION] = {"revocation",
                            {"Thu hồi quyền của trạm", "An agent was revoked"}},
    [CONTROL_REPORT_FREEZE] = {"report_freeze",
                               {"Chốt báo cáo", "A report was frozen"}},
    [CONTROL_BACKUP_MARK] = {"backup_mark", {"Đã sao lưu", "A backup mark"}},
    [CONTROL_COLD_MOVE] = {"cold_move",
                           {"Chuyển sang tệp lưu lạnh",
                            "A move to cold files"}},
    [CONTROL_ERASURE_ORDER] = {"erasure_order",
                               {"Lệnh xóa", "An order to erase"}},
    [CONTROL_BREAK] = {"break",
                       {"Đứt đoạn: sổ cái mất mục",
                        "Entries of the ledger were lost"}},
    [MISSING] = {"missing",
                 {"Mục đã mất, không trạm nào còn giữ",
                  "An entry that was lost, and no office has any more"}},
};

static size_t known(const struct entry *entry, const struct control *control)
{
    size_t kind = control == NULL ? 0 : (size_t)control->kind;

    if (entry->kind == ENTRY_MISSING) {
        return MISSING;
    }
    return kind < MISSING && kinds[kind].token != NULL ? kind : 0;
}

const char *order_token(const struct entry *entry,
                        const struct control *control)
{
    return kinds[known(entry, control)].token;
}

const char *order_title(const struct entry *entry,
                        const struct control *control, enum language language)
{
    return language_pick(kinds[known(entry, control)].title, language);
}

uint32_t order_agent(const struct control *control)
{
    switch (control->kind) {
    case CONTROL_ENROLMENT:
        return control->enrolment.agent_number;
    case CONTROL_JOINED:
        return control->joined.agent_number;
    case CONTROL_KEY_CHANGE:
        return control->key_change.agent_number;
    case CONTROL_EPOCH_OPENED:
        return control->epoch.agent_number;
    case CONTROL_REVOCATION:
        return control->revocation.agent_number;
    default:
        return 0;
    }
}

/* ---- what each says ---- */

struct saying {
    enum language language;
    char *text;
    size_t used;
};

static bool is_english(const struct saying *saying)
{
    return saying->language == LANGUAGE_EN;
}

static const char *pick(const struct saying *saying, const char *vi,
                        const char *en)
{
    return is_english(saying) ? en : vi;
}

__attribute__((format(printf, 2, 3))) static void say(struct saying *saying,
                                                      const char *format, ...)
{
    va_list values;
    int length;

    va_start(values, format);
    length = vsnprintf(saying->text + saying->used,
                       ORDER_WORDS_MAX - saying->used, format, values);
    va_end(values);
    saying->used += length < 0 ? 0 : (size_t)length;
    if (saying->used >= ORDER_WORDS_MAX) {
        saying->used = ORDER_WORDS_MAX - 1; /* cut: for people alone */
    }
}

static void say_agent(struct saying *saying, uint32_t number)
{
    say(saying, "%s %" PRIu32, pick(saying, "trạm", "agent"), number);
}

static void say_unit(struct saying *saying, uint32_t unit)
{
    char key[UNIT_TEXT_MAX];

    unit_key_format(unit, key);
    say(saying, "%s", key);
}

static void say_hash(struct saying *saying, const struct digest *digest)
{
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];

    if (bytes_to_hex((struct bytes){digest->bytes, DIGEST_BYTES}, hex,
                     sizeof hex) == STATUS_OK) {
        say(saying, " %s", hex);
    }
}

static void say_files(struct saying *saying,
                      const struct control_file_set *files)
{
    say(saying, "%s %s %" PRIu32, files->id, pick(saying, "bản", "revision"),
        files->revision);
    for (uint32_t i = 0; i < files->file_count; i++) {
        struct digest digest;

        digest_bytes(files->files[i].content, &digest);
        say(saying, "; %s", files->files[i].name);
        say_hash(saying, &digest);
    }
}

static void say_scope(struct saying *saying, const struct control_scope *scope)
{
    const struct catalogue_value *office =
        catalogue_value(catalogue_enumeration("Office"), scope->office);

    say(saying, "; ");
    say_unit(saying, scope->unit);
    if (office != NULL) {
        say(saying, " %s", language_pick(office->label, saying->language));
    } else {
        say(saying, " %" PRIu32, scope->office);
    }
}

static void say_enrolment(struct saying *saying,
                          const struct control_enrolment *enrolment)
{
    say_agent(saying, enrolment->agent_number);
    say(saying, " \"%s\"", enrolment->name);
    for (uint32_t i = 0; i < enrolment->scope_count; i++) {
        say_scope(saying, &enrolment->scopes[i]);
    }
    for (uint32_t i = 0; i < enrolment->succeeds_count; i++) {
        say(saying, "; %s ", pick(saying, "kế tục", "carries on"));
        say_agent(saying, enrolment->succeeds[i].agent_number);
    }
    if (enrolment->again) {
        say(saying, "; %s",
            pick(saying, "cho máy mới thay máy đã mất",
                 "for a machine in place of a lost one"));
    }
}

static void say_freeze(struct saying *saying,
                       const struct control_freeze *freeze)
{
    char label[PERIOD_KEY_TEXT_MAX];
    struct period period = {.kind = (enum period_kind)freeze->period_kind,
                            .key = freeze->period_key};

    period_key_format(&period, label);
    say(saying, "%s %s ", freeze->plan_id, label);
    say_unit(saying, freeze->unit);
    say(saying,
        is_english(saying) ? ", of %" PRIu64 " entries"
                           : ", theo %" PRIu64 " mục đầu",
        freeze->at_index);
}

static void say_revocation(struct saying *saying,
                           const struct control_revocation *revocation)
{
    char since[TEXT_MOMENT_MAX];

    say_agent(saying, revocation->agent_number);
    if (revocation->review_from != 0) {
        text_format_clock(revocation->review_from, saying->language, since);
        say(saying,
            is_english(saying) ? "; to review what was received since %s"
                               : "; xem lại những gì nhận từ %s",
            since);
    }
}

static void say_epoch(struct saying *saying, const struct control_epoch *epoch)
{
    say_agent(saying, epoch->agent_number);
    say(saying, ", %s %" PRIu32, pick(saying, "đợt", "epoch"),
        epoch->epoch_ordinal);
}

/* The whole province: marks and moves over entries. */
static void say_order(struct saying *saying, const struct control *control)
{
    const struct control_erasure_order *erasure = &control->erasure_order;

    switch (control->kind) {
    case CONTROL_BACKUP_MARK:
        say(saying,
            is_english(saying) ? "up to entry %" PRIu64 : "đến mục %" PRIu64,
            control->backup_mark.up_to_index);
        break;
    case CONTROL_COLD_MOVE:
        say(saying,
            is_english(saying) ? "entries %" PRIu64 " to %" PRIu64
                               : "mục %" PRIu64 " đến %" PRIu64,
            control->cold_move.from_index, control->cold_move.to_index);
        say_hash(saying, &control->cold_move.file);
        break;
    case CONTROL_ERASURE_ORDER:
        say(saying,
            is_english(saying) ? "entry %" PRIu64 ", order %" PRIu32 "/%" PRIu32
                               : "mục %" PRIu64 ", lệnh số %" PRIu32
                                 "/%" PRIu32,
            erasure->index, erasure->order_number, erasure->order_year);
        say_hash(saying, &erasure->digest);
        break;
    case CONTROL_BREAK:
        if (control_changes_keys(&control->broken)) {
            say(saying, "%s%s",
                pick(saying, "khóa mới của tỉnh, không được ký bằng khóa cũ",
                     "new keys of the province, not signed by the old ones"),
                control->broken.missing_count > 0 ? "; " : "");
        }
        for (uint32_t i = 0; i < control->broken.missing_count; i++) {
            say(saying,
                is_english(saying) ? "%sentries %" PRIu64 " to %" PRIu64
                                   : "%smục %" PRIu64 " đến %" PRIu64,
                i > 0 ? ", " : "", control->broken.missing[i].from,
                control->broken.missing[i].to - 1);
        }
        break;
    default:
        break;
    }
}

void order_words(const struct control *control, enum language language,
                 char text[ORDER_WORDS_MAX])
{
    struct saying saying = {.language = language, .text = text};

    text[0] = '\0';
    switch (control->kind) {
    case CONTROL_GENESIS:
        say(&saying, "%s ", control->genesis.origin);
        say_unit(&saying, control->genesis.unit);
        break;
    case CONTROL_PLAN:
    case CONTROL_UNITS:
    case CONTROL_VOCABULARY:
        say_files(&saying, &control->files);
        break;
    case CONTROL_ENROLMENT:
        say_enrolment(&saying, &control->enrolment);
        break;
    case CONTROL_JOINED:
        say_agent(&saying, control->joined.agent_number);
        break;
    case CONTROL_KEY_CHANGE:
        say_agent(&saying, control->key_change.agent_number);
        break;
    case CONTROL_EPOCH_OPENED:
        say_epoch(&saying, &control->epoch);
        break;
    case CONTROL_REVOCATION:
        say_revocation(&saying, &control->revocation);
        break;
    case CONTROL_REPORT_FREEZE:
        say_freeze(&saying, &control->freeze);
        break;
    default:
        say_order(&saying, control);
        break;
    }
}
