/* collectors: agent.yaml is written whole in place of the old one, and is the
 * one word on who counts: whatever stops the command, it names either the old
 * or the new. A slot of the spool is made ready before the file names it, and
 * emptied after the file does not any more.
 *
 * Failure modes: a card that the administrator has not signed, a name that is
 * taken, a slot too many, two commands at once: a sentence, and nothing is
 * changed. */
#include "agent/commands/commands_collectors.h"

#include "agent/office/collectors.h"
#include "agent/office/lock.h"
#include "agent/office/office.h"
#include "agent/spool/spool_slots.h"
#include "common/format/card.h"
#include "common/format/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LOCK_COLLECTORS_FILE "collectors.lock"

/* One change of the file. */
struct change {
    const struct args *args;
    struct office *office;
    struct config config; /* as it is to be */
    int lock;
};

/* change_end() in every case. */
static enum status change_begin(const struct args *args, struct change *change)
{
    static const struct language_text alone = {
        "văn phòng này chưa thuộc tỉnh nào: hãy đăng ký trước "
        "(tallyline-agent join TỆP)",
        "this office belongs to no province yet: join first (tallyline-agent "
        "join FILE)"};
    enum status status;

    *change = (struct change){.args = args, .lock = -1};
    status = office_open(args, &change->office);
    if (status != STATUS_OK) {
        return status; /* explained there */
    }
    change->config = change->office->config;
    if (change->config.address_count == 0) {
        return args_refuse(change->args, change->office->dir, alone,
                           STATUS_CONFIG);
    }
    status =
        lock_take(change->office->dir, LOCK_COLLECTORS_FILE, &change->lock);
    return status == STATUS_OK
               ? status
               : args_fail(change->args, change->office->dir, status);
}

/* The daemon reads the file again when it is knocked at. */
static enum status change_save(struct change *change)
{
    char path[OFFICE_PATH_MAX];
    enum status status =
        office_path(change->office->dir, OFFICE_CONFIG_FILE, path);

    if (status == STATUS_OK) {
        status = config_save(path, &change->config);
    }
    if (status != STATUS_OK) {
        return args_fail(change->args, change->office->dir, status);
    }
    (void)office_poke(change->office);
    return STATUS_OK;
}

static void change_end(struct change *change)
{
    lock_release(&change->lock);
    office_close(&change->office);
}

/* ---- add ---- */

static enum status read_card(const struct change *change, struct card *card)
{
    static const struct language_text forged = {
        "không có chữ ký của người quản trị mà máy này tin",
        "is not signed by the administrator that this machine trusts"};
    static const struct language_text primary = {
        "đó chính là trung tâm đang dùng", "that is the primary itself"};
    const char *path = change->args->operands[0];
    struct report report;
    struct random_id own;
    enum status status;

    report_init(&report, change->args->language);
    status = card_load(path, &report, card);
    report_print(&report, stderr);
    report_fini(&report);
    if (status != STATUS_OK) {
        return args_fail(change->args, path, status);
    }
    if (card_verify(card, &change->config.administrator) != STATUS_OK) {
        return args_refuse(change->args, path, forged, STATUS_REFUSED);
    }
    status =
        spool_slot_ledger(change->office->spool, change->config.slot, &own);
    if (status != STATUS_OK) {
        return args_fail(change->args, OFFICE_SPOOL_FILE, status);
    }
    return random_id_equal(&own, &card->ledger_id)
               ? args_refuse(change->args, path, primary, STATUS_EXISTS)
               : STATUS_OK;
}

static bool place_of(const struct config *config, const struct random_id *id,
                     size_t *place)
{
    for (*place = 0; *place < config->other_count; ++*place) {
        if (random_id_equal(&config->others[*place].ledger, id)) {
            return true;
        }
    }
    return false;
}

static bool name_is_taken(const struct config *config, const char *name,
                          size_t place)
{
    size_t other;

    return strcmp(config->name, name) == 0 ||
           (collectors_find(config, name, &other) && other != place);
}

/* A slot for one that is new. */
static enum status make_place(struct change *change, const struct card *card,
                              size_t place)
{
    static const struct language_text many = {
        "đã đủ số trung tâm; hãy bỏ bớt một (collectors remove)",
        "there is no room for one more; take one off (collectors remove)"};
    struct config *config = &change->config;
    struct spool *spool = change->office->spool;
    unsigned slot = 0;
    enum status status;

    if (!collectors_free_slot(config, &slot)) {
        return args_refuse(change->args, card->name, many, STATUS_FULL);
    }
    status = spool_slot_ledger(spool, config->slot, &config->ledger);
    if (status == STATUS_OK) {
        status = spool_claim(spool, slot, &card->ledger_id);
    }
    if (status != STATUS_OK) {
        return args_fail(change->args, OFFICE_SPOOL_FILE, status);
    }
    config->others[place].slot = slot;
    config->other_count++;
    return STATUS_OK;
}

static enum status take_card(struct change *change, const struct card *card)
{
    static const struct language_text taken = {
        "tên này đã dùng cho trung tâm khác; hãy đổi name trong agent.yaml",
        "another collector is called so; change its name in agent.yaml"};
    struct config *config = &change->config;
    size_t place = 0;
    bool known = place_of(config, &card->ledger_id, &place);
    struct config_collector *other;
    enum status status = STATUS_OK;

    if (name_is_taken(config, card->name, place)) {
        return args_refuse(change->args, card->name, taken, STATUS_EXISTS);
    }
    if (!known) {
        status = make_place(change, card, place);
    }
    if (status != STATUS_OK) {
        return status;
    }
    other = &config->others[place];
    memcpy(other->name, card->name, sizeof other->name);
    memcpy(other->addresses, card->addresses, sizeof other->addresses);
    other->address_count = card->address_count;
    other->server_key = card->server_key;
    other->ledger_key = card->ledger_key;
    other->ledger = card->ledger_id;
    return change_save(change);
}

enum status cmd_collectors_add(const struct args *args, void *context)
{
    struct change change;
    struct card card;
    enum status status = change_begin(args, &change);

    (void)context;
    if (status == STATUS_OK) {
        status = read_card(&change, &card);
    }
    if (status == STATUS_OK) {
        status = take_card(&change, &card);
    }
    if (status == STATUS_OK) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "%s: everything is sent there too\n"
                         : "%s: từ nay số liệu được gửi cả đến đó\n",
                     card.name);
    }
    change_end(&change);
    return status;
}

/* ---- one of the others by its name ---- */

static enum status find(const struct change *change, size_t *place)
{
    static const struct language_text none = {
        "không có trung tâm nào tên như vậy", "no collector is called so"};
    const char *name = change->args->operands[0];

    return collectors_find(&change->config, name, place)
               ? STATUS_OK
               : args_refuse(change->args, name, none, STATUS_NOT_FOUND);
}

/* ---- remove ---- */

static enum status take_off(struct change *change)
{
    static const struct language_text primary = {
        "đây là trung tâm chính; hãy chuyển vai trò chính trước "
        "(collectors primary TÊN)",
        "this is the primary; mark another one first (collectors primary "
        "NAME)"};
    struct config *config = &change->config;
    const char *name = change->args->operands[0];
    size_t place = 0;
    unsigned slot;
    enum status status;

    if (strcmp(name, config->name) == 0) {
        return args_refuse(change->args, name, primary, STATUS_REFUSED);
    }
    status = find(change, &place);
    if (status != STATUS_OK) {
        return status;
    }
    slot = config->others[place].slot;
    collectors_remove(config, place);
    status = change_save(change);
    if (status != STATUS_OK) {
        return status;
    }
    spool_set_slots(change->office->spool, config->slot,
                    collectors_other_slots(config));
    status = spool_release(change->office->spool, slot);
    return status == STATUS_OK
               ? status
               : args_fail(change->args, OFFICE_SPOOL_FILE, status);
}

enum status cmd_collectors_remove(const struct args *args, void *context)
{
    struct change change;
    enum status status = change_begin(args, &change);

    (void)context;
    if (status == STATUS_OK) {
        status = take_off(&change);
    }
    if (status == STATUS_OK) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "%s: nothing is sent there any more\n"
                         : "%s: không gửi đến đó nữa\n",
                     args->operands[0]);
    }
    change_end(&change);
    return status;
}

/* ---- primary ---- */

/* Whether it has sent down what an office cannot be without. */
static enum status check_heard(const struct change *change, size_t place)
{
    static const struct language_text silent = {
        "trung tâm này chưa gửi kế hoạch xuống lần nào; hãy để dịch vụ kết nối "
        "đến đó trước",
        "this collector has never sent its plan down; let the service connect "
        "to it first"};
    struct spool *spool = change->office->spool;
    unsigned was = spool_turn(spool, change->config.others[place].slot);
    struct digest digest;
    enum status status =
        spool_document_digest(spool, WIRE_DOCUMENT_GENESIS, &digest);

    if (status == STATUS_OK) {
        status = spool_document_digest(spool, WIRE_DOCUMENT_ENROLMENT, &digest);
    }
    (void)spool_turn(spool, was);
    return status == STATUS_NOT_FOUND
               ? args_refuse(change->args, change->args->operands[0], silent,
                             STATUS_REFUSED)
               : status;
}

/* How many events the primary has received and the other has not. */
static enum status count_behind(const struct change *change, size_t place,
                                uint64_t *behind)
{
    struct spool *spool = change->office->spool;
    struct spool_lack primary, other;
    enum status status = spool_lack(spool, change->config.slot, 0, &primary);

    if (status == STATUS_OK) {
        status =
            spool_lack(spool, change->config.others[place].slot, 0, &other);
    }
    *behind = status == STATUS_OK && other.events > primary.events
                  ? other.events - primary.events
                  : 0;
    return status;
}

static enum status mark(struct change *change, uint64_t *behind)
{
    size_t place = 0;
    enum status status;

    if (strcmp(change->args->operands[0], change->config.name) == 0) {
        return STATUS_OK; /* it is */
    }
    status = find(change, &place);
    if (status == STATUS_OK) {
        status = check_heard(change, place);
    }
    if (status == STATUS_OK) {
        status = count_behind(change, place, behind);
    }
    if (status != STATUS_OK) {
        return status;
    }
    collectors_mark(&change->config, place);
    return change_save(change);
}

enum status cmd_collectors_primary(const struct args *args, void *context)
{
    struct change change;
    uint64_t behind = 0;
    enum status status = change_begin(args, &change);

    (void)context;
    if (status == STATUS_OK) {
        status = mark(&change, &behind);
    }
    if (status == STATUS_OK) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "\"received\" and \"backed up\" are what %s says\n"
                         : "\"Đã nhận\" và \"Đã sao lưu\" là theo %s\n",
                     args->operands[0]);
    }
    if (status == STATUS_OK && behind > 0) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "%" PRIu64 " events that were received wait again "
                           "until %s has them\n"
                         : "%" PRIu64
                           " sự kiện đã nhận nay lại chờ cho đến khi "
                           "%s nhận được\n",
                     behind, args->operands[0]);
    }
    change_end(&change);
    return status;
}
