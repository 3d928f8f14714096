/* audit prove: one file that shows that an entry is in the ledger, and the
 * check of such a file with nothing but keys.
 *
 * What it costs to make does not grow with the ledger: one look-up, the hashes
 * on the way to the root, and a row for each witness. */
#include "collector/commands/commands.h"

#include "collector/audit/evidence.h"
#include "collector/audit/proof_report.h"
#include "collector/audit/prove.h"
#include "common/base/file.h"
#include "common/format/tlog_proof.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- keys ---- */

/* The ledger's key, that in force first, and those with which the agents sign
 * now. */
static enum status print_keys(const struct reading *reading)
{
    const struct context *context = province_context(reading->province);
    const struct control_genesis *genesis = context_genesis(context);
    const struct province_keys *keys = context_province_keys(context);
    enum status status = genesis == NULL ? STATUS_NOT_FOUND : STATUS_OK;

    for (size_t i = keys->count; status == STATUS_OK && i-- > 0;) {
        status = note_key_print(genesis->origin, NOTE_ED25519,
                                &keys->pairs[i].ledger_key, stdout);
    }
    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        const struct context_agent *agent = context_agent_at(context, i);
        char name[NOTE_NAME_MAX];

        if (agent->joined) {
            checkpoint_witness_name(genesis->origin, agent->number, name);
            status = note_key_print(name, NOTE_COSIGNATURE, &agent->sign_key,
                                    stdout);
        }
    }
    return status;
}

/* ---- making ---- */

static enum status write_proof(const struct prove *prove, struct bytes content,
                               const char *path)
{
    struct tlog_proof proof;
    struct buffer text;
    enum status status;

    tlog_proof_init(&proof);
    buffer_init(&text, TLOG_PROOF_BYTES_MAX);
    status = tlog_proof_make(&proof, &prove->entry, content, &prove->path,
                             buffer_bytes(&prove->note));
    if (status == STATUS_OK) {
        status = tlog_proof_write(&proof, &text);
    }
    if (status == STATUS_OK) {
        status = file_create(path, buffer_bytes(&text));
    }
    tlog_proof_fini(&proof);
    buffer_fini(&text);
    return status;
}

/* Bytes that are missing or damaged are left out: the entry is the proof. */
static enum status make(const struct ledger_snapshot *snapshot,
                        const struct evidence_name *name, const char *path,
                        struct prove *prove)
{
    struct bytes content = {0};
    struct entry entry;
    enum status status = evidence_entry(snapshot, name, &entry);

    if (status == STATUS_OK) {
        status = prove_make(snapshot, entry.index, true, prove);
    }
    if (status == STATUS_OK &&
        ledger_bytes(snapshot, &entry, &content) != STATUS_OK) {
        content = (struct bytes){0};
    }
    return status == STATUS_OK ? write_proof(prove, content, path) : status;
}

static enum status say(const struct args *args, const char *what,
                       const char *path, const struct prove *prove,
                       enum status status)
{
    static const struct language_text wait = {
        "sổ cái chưa ký mốc xác nhận nào từ mục này; chờ vài giây khi trung "
        "tâm đang "
        "chạy rồi thử lại",
        "the ledger has signed no checkpoint since this entry; try again some "
        "seconds later, while the collector runs"};

    if (status == STATUS_OK) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "%s: entry %" PRIu64 ", checkpoint of %" PRIu64
                           " entries, witnesses %zu\n"
                         : "%s: mục %" PRIu64 ", mốc xác nhận %" PRIu64
                           " mục, số trạm làm chứng %zu\n",
                     path, prove->entry.index, prove->size, prove->witnesses);
        return STATUS_OK;
    }
    if (status == STATUS_AGAIN) {
        args_error(args, "%s: %s", what, args_text(args, wait));
        return status;
    }
    return command_fail(args, status == STATUS_EXISTS ? path : what, status);
}

static enum status prove_one(const struct args *args,
                             const struct reading *reading)
{
    const char *what = args->operands[0];
    const char *path = args_value(args, "output");
    struct ledger_snapshot *snapshot = NULL;
    struct evidence_name name;
    struct prove prove;
    enum status status = evidence_parse(what, &name);

    if (status != STATUS_OK) {
        return command_fail(args, what, STATUS_USAGE);
    }
    prove_init(&prove);
    status = ledger_snapshot_open(reading->ledger, &snapshot);
    if (status == STATUS_OK) {
        status = make(snapshot, &name, path, &prove);
    }
    status = say(args, what, path, &prove, status);
    ledger_snapshot_close(&snapshot);
    prove_fini(&prove);
    return status;
}

/* ---- the command ---- */

/* One of the three ways to call it, and what each needs. */
static enum status check_arguments(const struct args *args)
{
    static const struct language_text how = {
        "audit prove EVENT|INDEX --output TỆP, hoặc --check TỆP --key TỆP, "
        "hoặc --keys",
        "audit prove EVENT|INDEX --output FILE, or --check FILE --key FILE, or "
        "--keys"};
    bool makes = args->operand_count == 1;
    bool checks = args_value(args, "check") != NULL;
    bool lists = args_flag(args, "keys");

    if (makes + checks + lists != 1 ||
        makes != (args_value(args, "output") != NULL) ||
        checks != (args_value(args, "key") != NULL)) {
        args_error(args, "%s", args_text(args, how));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status cmd_audit_prove(const struct args *args, void *context)
{
    struct reading reading;
    enum status status = check_arguments(args);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    if (args_value(args, "check") != NULL) {
        return proof_report(args, args_value(args, "check"),
                            args_value(args, "key"));
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = args_flag(args, "keys") ? print_keys(&reading)
                                         : prove_one(args, &reading);
    }
    reading_close(&reading);
    return status;
}
