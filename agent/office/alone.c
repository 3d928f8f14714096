/* The happy path: the folder holds a plan without mistakes, the pairs are of
 * its units; keys, agent.yaml, identity and documents are made, in the order in
 * which a crash leaves something that the same command goes on from. A
 * directory that belongs to a province's office is left as it is. */
#include "agent/office/alone.h"

#include "agent/office/keyring.h"
#include "agent/office/lock.h"
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/format/wire.h"
#include "common/plan/plan_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NUMBER_FROM (REFERENCE_AGENT_MAX / 2u + 1u)

/* Any day that can be entered. */
#define FIRST_YEAR 2000
#define LAST_YEAR  2100

struct alone {
    const struct args *args;
    char dir[OFFICE_PATH_MAX];
    int line;
    struct plan_files files;
    struct control_enrolment enrolment;
    struct config config;
    struct keyring keyring;
    struct spool *spool;
    struct spool_identity identity;
    unsigned documents; /* that were signed */
};

/* ---- what is given ---- */

static enum status read_plan(struct alone *alone)
{
    struct report report;
    enum status status;

    report_init(&report, alone->args->language);
    status = plan_files_read(&alone->files, alone->args->operands[0], &report);
    if (status == STATUS_OK) {
        status = plan_files_check(&alone->files, &report);
    }
    report_print(&report, stderr);
    report_fini(&report);
    return status;
}

static enum status read_pair(const struct alone *alone, const char *text,
                             struct control_scope *scope)
{
    static const struct language_text shape = {
        "cần đơn vị trong units.csv và cơ quan, ví dụ gso3:908:police",
        "needs a unit of units.csv and an office, such as gso3:908:police"};
    const char *colon = strrchr(text, ':');
    const struct catalogue_value *office;

    if (colon == NULL ||
        unit_key_parse(text, (size_t)(colon - text), alone->files.plan->to,
                       &scope->unit) != STATUS_OK ||
        !units_known(alone->files.units, scope->unit)) {
        return args_refuse(alone->args, text, shape, STATUS_USAGE);
    }
    office = vocabulary_by_token(alone->files.vocabulary,
                                 catalogue_enumeration("Office"), colon + 1,
                                 strlen(colon + 1));
    if (office == NULL) {
        return args_refuse(alone->args, text, shape, STATUS_USAGE);
    }
    scope->office = office->value;
    scope->from = calendar_day(FIRST_YEAR, 1, 1);
    scope->to = calendar_day(LAST_YEAR, 12, 31);
    return STATUS_OK;
}

static enum status read_pairs(struct alone *alone)
{
    static const struct language_text range = {
        "cần từ 1 đến 32 --pair ĐƠN-VỊ:CƠ-QUAN",
        "1 to 32 of --pair UNIT:OFFICE are needed"};
    size_t count = args_count(alone->args, "pair");
    enum status status = STATUS_OK;

    if (count == 0 || count > CONTROL_SCOPES_MAX) {
        return args_refuse(alone->args, "--pair", range, STATUS_USAGE);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = read_pair(alone, args_value_at(alone->args, "pair", i),
                           &alone->enrolment.scopes[i]);
    }
    alone->enrolment.scope_count = (uint32_t)count;
    return status;
}

/* ---- the directory ---- */

static enum status open_directory(struct alone *alone)
{
    const char *dir = office_dir(alone->args);
    enum status status;

    if (strlen(dir) >= sizeof alone->dir) {
        return args_fail(alone->args, dir, STATUS_INVALID);
    }
    memcpy(alone->dir, dir, strlen(dir) + 1);
    if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST) {
        return args_fail(alone->args, dir, STATUS_IO);
    }
    status = office_check_owner(alone->args, dir);
    if (status == STATUS_OK) {
        status = lock_take(dir, LOCK_LINE_FILE, &alone->line);
        status = status == STATUS_OK ? STATUS_OK
                                     : args_fail(alone->args, dir, status);
    }
    return status;
}

/* The configuration that is there, or one without a province. STATUS_EXISTS
 * for a province's office. */
static enum status settle_config(struct alone *alone)
{
    static const struct language_text joined = {
        "thư mục này thuộc về một văn phòng đã đăng ký với tỉnh",
        "this directory belongs to an office that has joined a province"};
    char path[OFFICE_PATH_MAX];
    struct report report;
    enum status status = office_path(alone->dir, OFFICE_CONFIG_FILE, path);

    report_init(&report, alone->args->language);
    if (status == STATUS_OK) {
        status = config_load(path, &report, &alone->config);
    }
    report_print(&report, stderr);
    report_fini(&report);
    if (status == STATUS_OK && alone->config.address_count > 0) {
        return args_refuse(alone->args, alone->dir, joined, STATUS_EXISTS);
    }
    if (status == STATUS_NOT_FOUND) {
        config_init(&alone->config);
        alone->config.language = alone->args->language;
        alone->config.administrator = alone->keyring.sign.public_key;
        alone->config.ledger_key = alone->keyring.sign.public_key;
        status = config_save(path, &alone->config);
    }
    return status == STATUS_OK || status == STATUS_CONFIG
               ? status
               : args_fail(alone->args, path, status);
}

static enum status settle_identity(struct alone *alone)
{
    char path[OFFICE_PATH_MAX];
    struct random_id any;
    enum status status = office_path(alone->dir, OFFICE_SPOOL_FILE, path);

    if (status == STATUS_OK) {
        status =
            spool_open(path, alone->config.spool_bytes, true, &alone->spool);
    }
    if (status == STATUS_OK) {
        status = spool_identity(alone->spool, &alone->identity);
    }
    if (status == STATUS_NOT_FOUND) {
        random_id_make(&any);
        alone->identity.agent_number =
            NUMBER_FROM + bytes_get_u32(any.bytes) % NUMBER_FROM;
        alone->identity.epoch_ordinal = 1;
        random_id_make(&alone->identity.ledger);
        status = keyring_join_ids(alone->dir, &alone->identity.agent,
                                  &alone->identity.epoch);
        if (status == STATUS_OK) {
            status = spool_set_identity(alone->spool, &alone->identity);
        }
    }
    return status == STATUS_OK ? STATUS_OK
                               : args_fail(alone->args, path, status);
}

/* ---- documents ---- */

static bool same_file(const struct control *control,
                      const struct control_file_set *files)
{
    return control->files.file_count == 1 &&
           bytes_equal(control->files.files[0].content,
                       files->files[0].content);
}

/* Signs the document, unless it says what is there already. */
static enum status put(struct alone *alone, const char *name,
                       struct control *control)
{
    struct control *old = NULL;
    struct buffer document;
    struct bytes there;
    bool files = control->kind == CONTROL_PLAN ||
                 control->kind == CONTROL_UNITS ||
                 control->kind == CONTROL_VOCABULARY;
    enum status status = spool_document(alone->spool, name, &there);

    buffer_init(&document, CONTROL_BYTES_MAX);
    if (status == STATUS_OK) {
        status = control_open(there, &alone->config.administrator, &old);
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    if (status != STATUS_OK ||
        (old != NULL && (control->kind == CONTROL_GENESIS ||
                         (files && same_file(old, &control->files))))) {
        goto out;
    }
    if (files) {
        control->files.revision = old != NULL ? old->files.revision + 1 : 1;
    }
    control->created_at = clock_wall_us(clock_real());
    random_id_make(&control->nonce);
    status = control_sign(control, &alone->keyring.sign, &document);
    if (status == STATUS_OK) {
        status =
            spool_set_document(alone->spool, name, buffer_bytes(&document));
    }
    alone->documents += status == STATUS_OK;
out:
    control_free(&old);
    buffer_fini(&document);
    return status;
}

static void fill_genesis(const struct alone *alone,
                         struct control_genesis *genesis)
{
    genesis->ledger_id = alone->identity.ledger;
    (void)snprintf(genesis->origin, sizeof genesis->origin, "alone");
    genesis->unit = alone->files.plan->unit;
    genesis->administrator = alone->keyring.sign.public_key;
    genesis->ledger_key = alone->keyring.sign.public_key;
}

static void fill_file(const struct alone *alone, enum plan_files_kind kind,
                      struct control_file_set *set)
{
    const struct plan_file *file = &alone->files.files[kind];

    (void)snprintf(set->id, sizeof set->id, "%s", alone->files.plan->id);
    (void)snprintf(set->files[0].name, sizeof set->files[0].name, "%s",
                   file->name);
    set->files[0].content = buffer_bytes(&file->content);
    set->file_count = 1;
}

static enum status put_file(struct alone *alone, enum plan_files_kind kind,
                            enum control_kind control_kind, const char *name,
                            struct control *control)
{
    if (!alone->files.files[kind].present) {
        return STATUS_OK;
    }
    memset(control, 0, sizeof *control);
    control->kind = control_kind;
    fill_file(alone, kind, &control->files);
    return put(alone, name, control);
}

/* Each plan has a document of its own: the one it had before, or the first
 * that is free. */
static enum status put_plan(struct alone *alone, struct control *control)
{
    for (size_t i = 0; i < WIRE_PLANS_MAX; i++) {
        struct control *old = NULL;
        struct bytes there;
        enum status status =
            spool_document(alone->spool, wire_document_plans[i], &there);
        bool mine = status == STATUS_NOT_FOUND;

        if (status == STATUS_OK) {
            status = control_open(there, &alone->config.administrator, &old);
            mine = status == STATUS_OK &&
                   strcmp(old->files.id, alone->files.plan->id) == 0;
        }
        control_free(&old);
        if (mine) {
            return put_file(alone, PLAN_FILES_PLAN, CONTROL_PLAN,
                            wire_document_plans[i], control);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_FULL;
}

static enum status put_documents(struct alone *alone, struct control *control)
{
    enum status status;

    control->kind = CONTROL_GENESIS;
    fill_genesis(alone, &control->genesis);
    status = put(alone, WIRE_DOCUMENT_GENESIS, control);
    if (status == STATUS_OK) {
        status = put_file(alone, PLAN_FILES_VOCABULARY, CONTROL_VOCABULARY,
                          WIRE_DOCUMENT_VOCABULARY, control);
    }
    if (status == STATUS_OK) {
        status = put_file(alone, PLAN_FILES_UNITS, CONTROL_UNITS,
                          WIRE_DOCUMENT_UNITS, control);
    }
    if (status == STATUS_OK) {
        status = put_plan(alone, control);
    }
    if (status == STATUS_OK) {
        memset(control, 0, sizeof *control);
        control->kind = CONTROL_ENROLMENT;
        control->enrolment = alone->enrolment;
        control->enrolment.agent_number = alone->identity.agent_number;
        (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                       "%s", alone->files.plan->id);
        status = put(alone, WIRE_DOCUMENT_ENROLMENT, control);
    }
    return status == STATUS_OK
               ? STATUS_OK
               : args_fail(alone->args, OFFICE_SPOOL_FILE, status);
}

/* ---- the whole ---- */

static enum status make(struct alone *alone)
{
    struct control *control = NULL;
    enum status status = read_plan(alone);

    if (status == STATUS_OK) {
        status = read_pairs(alone);
    }
    if (status == STATUS_OK) {
        status = open_directory(alone);
    }
    if (status == STATUS_OK &&
        keyring_make(alone->dir, &alone->keyring) != STATUS_OK) {
        status = args_fail(alone->args, OFFICE_KEYS_FOLDER, STATUS_IO);
    }
    if (status == STATUS_OK) {
        status = settle_config(alone);
    }
    if (status == STATUS_OK) {
        status = settle_identity(alone);
    }
    if (status == STATUS_OK) {
        control = calloc(1, sizeof *control);
        status = control != NULL
                     ? put_documents(alone, control)
                     : args_fail(alone->args, alone->dir, STATUS_MEMORY);
    }
    free(control);
    return status;
}

enum status alone_make(const struct args *args)
{
    static const struct language_text done = {
        "văn phòng không thuộc tỉnh nào, tự dùng kế hoạch",
        "an office without a province, by the plan"};
    struct alone *alone = calloc(1, sizeof *alone);
    enum status status;

    if (alone == NULL) {
        return STATUS_MEMORY;
    }
    alone->args = args;
    alone->line = -1;
    plan_files_init(&alone->files);
    status = make(alone);
    if (status == STATUS_OK) {
        (void)fprintf(args->out, "%s %s\n", args_text(args, done),
                      alone->files.plan->id);
    }
    spool_close(&alone->spool);
    plan_files_fini(&alone->files);
    keyring_wipe(&alone->keyring);
    lock_release(&alone->line);
    free(alone);
    return status;
}

bool alone_explain(const struct args *args, const struct config *config)
{
    static const struct language_text alone = {
        "văn phòng không thuộc tỉnh nào nên không có gì để gửi hay nhận; ghi "
        "và xem số liệu không cần dịch vụ",
        "the office has no province to talk to; recording and looking at "
        "figures need no service"};

    if (config->address_count == 0) {
        args_error(args, "%s", args_text(args, alone));
        return true;
    }
    return false;
}
