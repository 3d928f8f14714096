#include "tests/support/controls.h"

#include "common/base/check.h"
#include "tests/support/keys.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [CONTROL_GENESIS] = "genesis",
    [CONTROL_PLAN] = "plan",
    [CONTROL_UNITS] = "units",
    [CONTROL_VOCABULARY] = "vocabulary",
    [CONTROL_ENROLMENT] = "enrolment",
    [CONTROL_JOINED] = "joined",
    [CONTROL_KEY_CHANGE] = "key_change",
    [CONTROL_EPOCH_OPENED] = "epoch_opened",
    [CONTROL_REVOCATION] = "revocation",
    [CONTROL_REPORT_FREEZE] = "report_freeze",
    [CONTROL_BACKUP_MARK] = "backup_mark",
    [CONTROL_COLD_MOVE] = "cold_move",
    [CONTROL_ERASURE_ORDER] = "erasure_order",
    [CONTROL_BREAK] = "break",
};

const char *controls_name(enum control_kind kind)
{
    return names[kind];
}

static struct public_key key_of(uint8_t byte)
{
    struct public_key key;
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

static struct digest digest_of(uint8_t byte)
{
    struct digest digest;
    memset(digest.bytes, byte, sizeof digest.bytes);
    return digest;
}

static void name(char out[CONTROL_NAME_MAX], const char *text)
{
    int length = snprintf(out, CONTROL_NAME_MAX, "%s", text);
    check(length > 0 && length < (int)CONTROL_NAME_MAX);
}

static void fill_files(struct control_file_set *set)
{
    name(set->id, "ha-noi-2018");
    set->revision = 3;
    set->file_count = 2;
    name(set->files[0].name, "plan.yaml");
    set->files[0].content = bytes_of_text("name: Kế hoạch\n");
    name(set->files[1].name, "empty.csv");
}

static void fill_enrolment(struct control_enrolment *enrolment)
{
    enrolment->agent_number = 271;
    name(enrolment->name, "Quận Ba Đình");
    enrolment->join_key = key_of(0x31);
    enrolment->join_until = INT64_C(1542787200000000);
    enrolment->rotates = true;
    enrolment->scope_count = 2;
    enrolment->scopes[0] = (struct control_scope){
        .unit = 1300001,
        .office = 4,
        .area = {1300001, 1500001, 1500004},
        .area_count = 3,
        .programmes = {1, 2},
        .programme_count = 2,
        .from = 17532,
        .to = 17896,
        .corrects_for = {1300002},
        .corrects_for_count = 1,
    };
    enrolment->scopes[1] =
        (struct control_scope){.unit = 1300001, .office = 5, .from = -1};
}

static void fill_agent(enum control_kind kind, struct control *control)
{
    switch (kind) {
    case CONTROL_JOINED:
        control->joined = (struct control_joined){
            .agent_number = 271,
            .agent_id = keys_id(0x41),
            .epoch = keys_id(0x42),
            .epoch_ordinal = 1,
            .curve_key = key_of(0x43),
            .sign_key = key_of(0x44),
            .join_key = key_of(0x31),
        };
        return;
    case CONTROL_KEY_CHANGE:
        control->key_change = (struct control_key_change){
            .agent_number = 271,
            .curve_key = key_of(0x51),
            .sign_key = key_of(0x52),
            .join_key = key_of(0x32),
        };
        return;
    case CONTROL_EPOCH_OPENED:
        control->epoch = (struct control_epoch){
            .agent_number = 271,
            .epoch = keys_id(0x61),
            .epoch_ordinal = 2,
            .previous = keys_id(0x42),
            .previous_next_seq = UINT64_C(4294967296),
        };
        return;
    default:
        control->revocation = (struct control_revocation){
            .agent_number = 271,
            .review_from = INT64_C(1542700800000000),
        };
    }
}

/* New keys, which sign it. */
static void fill_break(struct control_break *broken)
{
    struct sign_keys keys;

    keys_fixed(1, &keys);
    *broken = (struct control_break){
        .old_size = 1000,
        .old_root = digest_of(0xb1),
        .new_root = digest_of(0xb2),
        .missing = {{17, 18}, {400, 512}},
        .missing_count = 2,
        .administrator = keys.public_key,
        .ledger_key = key_of(0xb4),
        .reason = CONTROL_BREAK_KEYS_LOST,
    };
}

static void fill_rest(enum control_kind kind, struct control *control)
{
    static uint8_t contribution[DIGEST_BYTES];

    memset(contribution, 0xa2, sizeof contribution);
    switch (kind) {
    case CONTROL_REPORT_FREEZE:
        control->freeze = (struct control_freeze){
            .regime = 2,
            .period_kind = 1,
            .period_key = 201810,
            .unit = 1100001,
            .at_index = 1000,
            .figures = digest_of(0x71),
        };
        name(control->freeze.plan_id, "ha-noi-2018");
        return;
    case CONTROL_BACKUP_MARK:
        control->backup_mark = (struct control_backup_mark){
            .up_to_index = 1000,
            .root = digest_of(0x81),
            .backup_id = keys_id(0x82),
        };
        return;
    case CONTROL_COLD_MOVE:
        control->cold_move = (struct control_cold_move){
            .from_index = 0,
            .to_index = 999,
            .file = digest_of(0x91),
        };
        return;
    case CONTROL_BREAK:
        fill_break(&control->broken);
        return;
    default:
        control->erasure_order = (struct control_erasure_order){
            .index = 17,
            .digest = digest_of(0xa1),
            .order_number = 25,
            .order_year = 2019,
            .contribution = {contribution, sizeof contribution},
        };
    }
}

static void fill_genesis(struct control_genesis *genesis)
{
    struct sign_keys keys;
    keys_fixed(1, &keys);
    *genesis = (struct control_genesis){
        .ledger_id = keys_id(0x21),
        .unit = 1100001,
        .administrator = keys.public_key,
        .ledger_key = key_of(0x22),
    };
    name(genesis->origin, "ha-noi.example");
}

void controls_fill(enum control_kind kind, struct control *control)
{
    memset(control, 0, sizeof *control);
    control->kind = kind;
    control->created_at = INT64_C(1542700800000001);
    control->nonce = keys_id(0x11);
    switch (kind) {
    case CONTROL_GENESIS:
        fill_genesis(&control->genesis);
        return;
    case CONTROL_PLAN:
    case CONTROL_UNITS:
    case CONTROL_VOCABULARY:
        fill_files(&control->files);
        return;
    case CONTROL_ENROLMENT:
        fill_enrolment(&control->enrolment);
        return;
    case CONTROL_JOINED:
    case CONTROL_KEY_CHANGE:
    case CONTROL_EPOCH_OPENED:
    case CONTROL_REVOCATION:
        fill_agent(kind, control);
        return;
    default:
        fill_rest(kind, control);
    }
}
