#include "tests/support/office_fixture.h"

#include "agent/office/config.h"
#include "agent/office/office.h"
#include "agent/spool/spool.h"
#include "common/base/check.h"
#include "common/format/wire.h"
#include "tests/support/keys.h"
#include "tests/support/source_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_2017_01_01 17167
#define DAY_2019_12_31 18261

struct temp_dir office_dir_path;

/* Read once; kept to the end of the program. */
static char *units_text;
static char *plan_text;

struct office_fixture office_fixture_ba_dinh(void)
{
    return (struct office_fixture){
        .agent = 271,
        .pairs = {{OFFICE_FIXTURE_BA_DINH, OFFICE_FIXTURE_LABOUR}},
        .pair_count = 1,
        .areas = {OFFICE_FIXTURE_BA_DINH},
        .area_count = 1};
}

static void fill_files(struct control *control, const char *id,
                       const char *name, char **text, const char *path)
{
    struct control_file *file = &control->files.files[0];

    if (*text == NULL) {
        *text = source_file(path);
    }
    (void)snprintf(control->files.id, sizeof control->files.id, "%s", id);
    control->files.revision = 1;
    control->files.file_count = 1;
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    file->content = bytes_of_text(*text);
}

static void fill_enrolment(const struct office_fixture *fixture,
                           struct control_enrolment *enrolment)
{
    enrolment->agent_number = fixture->agent;
    (void)snprintf(enrolment->name, sizeof enrolment->name, "Phòng thử");
    enrolment->scope_count = fixture->pair_count;
    for (uint32_t i = 0; i < fixture->pair_count; i++) {
        struct control_scope *scope = &enrolment->scopes[i];

        scope->unit = fixture->pairs[i].unit;
        scope->office = fixture->pairs[i].office;
        scope->area_count = fixture->area_count;
        memcpy(scope->area, fixture->areas,
               fixture->area_count * sizeof scope->area[0]);
        scope->from = DAY_2017_01_01;
        scope->to = DAY_2019_12_31;
    }
}

static void fill_genesis(struct control_genesis *genesis)
{
    struct sign_keys keys;

    keys_fixed(1, &keys);
    genesis->ledger_id = keys_id(3);
    (void)snprintf(genesis->origin, sizeof genesis->origin, "test");
    genesis->unit = OFFICE_FIXTURE_HA_NOI;
    genesis->administrator = keys.public_key;
    genesis->ledger_key = keys.public_key;
}

void office_fixture_control(const struct office_fixture *fixture,
                            enum control_kind kind, struct control *control)
{
    memset(control, 0, sizeof *control);
    control->kind = kind;
    control->nonce = keys_id((uint8_t)kind);
    switch (kind) {
    case CONTROL_GENESIS:
        fill_genesis(&control->genesis);
        break;
    case CONTROL_UNITS:
        fill_files(control, "ha-noi", "units.csv", &units_text,
                   "plans/ha-noi-2018/units.csv");
        break;
    case CONTROL_PLAN:
        fill_files(control, "ha-noi-2018", "plan.yaml", &plan_text,
                   "plans/ha-noi-2018/plan.yaml");
        break;
    case CONTROL_ENROLMENT:
        fill_enrolment(fixture, &control->enrolment);
        break;
    default:
        check(false);
    }
}

static const struct {
    enum control_kind kind;
    const char *name;
} documents[] = {{CONTROL_GENESIS, WIRE_DOCUMENT_GENESIS},
                 {CONTROL_UNITS, WIRE_DOCUMENT_UNITS},
                 {CONTROL_PLAN, WIRE_DOCUMENT_PLAN},
                 {CONTROL_ENROLMENT, WIRE_DOCUMENT_ENROLMENT}};

#define DOCUMENT_COUNT (sizeof documents / sizeof documents[0])

struct context *office_fixture_context(const struct office_fixture *fixture)
{
    struct context *context = NULL;
    struct control *control = calloc(1, sizeof *control);
    struct report report;
    unsigned change;

    check(control != NULL);
    report_init(&report, LANGUAGE_EN);
    check(context_new(&context) == STATUS_OK);
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        office_fixture_control(fixture, documents[i].kind, control);
        if (context_apply(context, i, control, &report, &change) != STATUS_OK) {
            report_print(&report, stderr);
            check(false);
        }
    }
    report_fini(&report);
    free(control);
    return context;
}

static void path_in(const char *dir, const char *name,
                    char path[TEMP_DIR_PATH_MAX])
{
    int length = snprintf(path, TEMP_DIR_PATH_MAX, "%s/%s", dir, name);

    check(length > 0 && (size_t)length < TEMP_DIR_PATH_MAX);
}

static void write_config(const char *dir, const struct office_fixture *fixture)
{
    char path[TEMP_DIR_PATH_MAX];
    struct sign_keys keys;
    struct config config;

    keys_fixed(1, &keys);
    config_init(&config);
    (void)snprintf(config.office, sizeof config.office, "Phòng thử \"1\"");
    (void)snprintf(config.addresses[0], sizeof config.addresses[0],
                   "tcp://127.0.0.1:5570");
    config.address_count = 1;
    config.administrator = keys.public_key;
    config.ledger_key = keys.public_key;
    config.spool_bytes =
        fixture->spool_bytes != 0 ? fixture->spool_bytes : UINT64_C(256) << 20;
    path_in(dir, OFFICE_CONFIG_FILE, path);
    check(config_save(path, &config) == STATUS_OK);
}

static void put_documents(const struct office_fixture *fixture,
                          struct spool *spool)
{
    struct control *control = calloc(1, sizeof *control);
    struct sign_keys keys;

    check(control != NULL);
    keys_fixed(1, &keys);
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        struct buffer document;

        buffer_init(&document, CONTROL_BYTES_MAX);
        office_fixture_control(fixture, documents[i].kind, control);
        check(control_sign(control, &keys, &document) == STATUS_OK);
        check(spool_set_document(spool, documents[i].name,
                                 buffer_bytes(&document)) == STATUS_OK);
        buffer_fini(&document);
    }
    free(control);
}

void office_fixture_make(const char *dir, const struct office_fixture *fixture,
                         bool joined_only)
{
    char path[TEMP_DIR_PATH_MAX];
    struct spool *spool = NULL;
    struct spool_identity identity = {.agent = keys_id(1),
                                      .agent_number = fixture->agent,
                                      .epoch = keys_id(2),
                                      .epoch_ordinal = 1,
                                      .ledger = keys_id(3)};

    sign_init();
    write_config(dir, fixture);
    path_in(dir, OFFICE_SPOOL_FILE, path);
    check(spool_open(path, fixture->spool_bytes, true, &spool) == STATUS_OK);
    check(spool_set_identity(spool, &identity) == STATUS_OK);
    if (!joined_only) {
        put_documents(fixture, spool);
    }
    spool_close(&spool);
}

void office_fixture_open(const struct office_fixture *fixture, bool joined_only)
{
    temp_dir_open(&office_dir_path);
    office_fixture_make(office_dir_path.path, fixture, joined_only);
}

void office_fixture_close(void)
{
    temp_dir_close(&office_dir_path);
}
