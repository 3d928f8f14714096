/* Failure modes: a file that is no proof, keys that are none, a proof that does
 * not hold. What is printed before the word PASS was signed by nobody who is
 * trusted, so nothing is. */
#include "common/format/note.h"

#include "collector/audit/proof_report.h"

#include "collector/figures/batch_cache.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/format/tlog_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct keys_read {
    struct note_key *keys;
    size_t count;
    /* The ledger's name: that of its keys, former ones too. NULL: none. */
    const char *origin;
};

struct report_run {
    const struct args *args;
    const char *path;
    struct keys_read read;
    struct buffer text;
    struct tlog_proof proof;
    struct tlog_shown shown;
    struct batch_cache *cache;
};

static const char *pick(const struct report_run *run, const char *vi,
                        const char *en)
{
    return run->args->language == LANGUAGE_EN ? en : vi;
}

/* ---- keys ---- */

/* One line; STATUS_NOT_FOUND: there is nothing in it. */
static enum status read_key(struct bytes line, struct note_key *key)
{
    while (line.size > 0 && (line.data[line.size - 1] == '\r' ||
                             line.data[line.size - 1] == ' ')) {
        line.size--;
    }
    return line.size == 0 || line.data[0] == '#' ? STATUS_NOT_FOUND
                                                 : note_key_read(line, key);
}

static enum status read_lines(struct bytes left, struct keys_read *read)
{
    while (left.size > 0) {
        const uint8_t *end = memchr(left.data, '\n', left.size);
        size_t size = end == NULL ? left.size : (size_t)(end - left.data);
        struct bytes line = {left.data, size};
        enum status status;

        if (read->count == PROOF_KEYS_MAX) {
            return STATUS_FULL;
        }
        status = read_key(line, &read->keys[read->count]);
        if (status == STATUS_OK) {
            read->count++;
        } else if (status != STATUS_NOT_FOUND) {
            return status;
        }
        size += end != NULL;
        left.data += size;
        left.size -= size;
    }
    return STATUS_OK;
}

static enum status read_keys(const struct args *args, const char *path,
                             struct keys_read *read)
{
    static const struct language_text one = {
        "cần khóa của một sổ cái, và chỉ của một sổ cái, trong tệp khóa",
        "the keys of one ledger must be among the keys, and of no other"};
    struct buffer text;
    bool several = false;
    enum status status;

    buffer_init(&text, PROOF_KEYS_BYTES_MAX);
    status = file_read(path, &text);
    if (status == STATUS_OK) {
        read->keys = calloc(PROOF_KEYS_MAX, sizeof read->keys[0]);
        status = read->keys == NULL ? STATUS_MEMORY
                                    : read_lines(buffer_bytes(&text), read);
    }
    buffer_fini(&text);
    if (status != STATUS_OK) {
        return args_fail(args, path, status);
    }
    for (size_t i = 0; i < read->count; i++) {
        if (read->keys[i].type == NOTE_ED25519) {
            const char *name = read->keys[i].name;

            several = several ||
                      (read->origin != NULL && strcmp(read->origin, name) != 0);
            read->origin = name;
        }
    }
    if (read->origin == NULL || several) {
        args_error(args, "%s: %s", path, args_text(args, one));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* ---- what does not hold ---- */

static const char *fault_text(const struct report_run *run,
                              enum tlog_fault fault)
{
    switch (fault) {
    case TLOG_NO_ENTRY:
        return pick(run, "tệp không chứa mục của sổ cái",
                    "there is no entry of a ledger in the file");
    case TLOG_OTHER_CONTENT:
        return pick(run, "nội dung không có mã băm mà mục ghi",
                    "the bytes do not have the hash that the entry names");
    case TLOG_NO_NOTE:
        return pick(run, "tệp không chứa mốc xác nhận",
                    "there is no signed checkpoint in the file");
    case TLOG_NOT_SIGNED:
        return pick(
            run,
            "mốc xác nhận không phải của sổ cái này, hoặc không do khóa này "
            "ký",
            "the checkpoint is not of this ledger, or not signed by "
            "this key");
    case TLOG_BAD_SIGNATURE:
        return pick(run, "chữ ký của mốc xác nhận sai",
                    "the checkpoint's signature is wrong");
    case TLOG_NOT_UNDER:
        return pick(run, "mục không nằm trong sổ cái mà mốc xác nhận ký",
                    "the entry is not in the ledger that was signed");
    case TLOG_GOOD:
        break;
    }
    return "";
}

/* ---- what it shows ---- */

static void print_moment(const struct report_run *run, const char *label,
                         int64_t moment)
{
    char clock[TEXT_MOMENT_MAX];
    char text[TEXT_MOMENT_MAX];

    text_format_clock(moment, run->args->language, clock);
    text_format_moment(moment, text);
    (void)printf("%s: %s (%s)\n", label, clock, text);
}

static void print_entry(const struct report_run *run)
{
    const struct entry *entry = &run->shown.entry;
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];
    enum status status = bytes_to_hex(
        (struct bytes){entry->digest.bytes, DIGEST_BYTES}, hex, sizeof hex);

    (void)printf("%s: %s\n", pick(run, "Sổ cái", "Ledger"),
                 run->shown.checkpoint.origin);
    (void)printf("%s: %" PRIu64 "\n", pick(run, "Mục số", "Entry"),
                 entry->index);
    print_moment(run, pick(run, "Tỉnh nhận lúc", "Received"),
                 entry->received_at);
    if (entry->kind == ENTRY_BATCH) {
        (void)printf("%s: %" PRIu32 "\n", pick(run, "Trạm", "Agent"),
                     entry->agent_number);
    }
    if (status == STATUS_OK) {
        (void)printf(
            "%s: %s\n",
            entry->kind == ENTRY_BATCH
                ? pick(run, "SHA-256 của lô", "SHA-256 of the batch")
                : pick(run, "SHA-256 của văn bản", "SHA-256 of the document"),
            hex);
    }
}

/* A witness's key is that of the agent's batches too. */
static const struct note_key *sender(const struct report_run *run)
{
    char name[NOTE_NAME_MAX];

    checkpoint_witness_name(run->shown.checkpoint.origin,
                            run->shown.entry.agent_number, name);
    for (size_t i = 0; i < run->read.count; i++) {
        const struct note_key *key = &run->read.keys[i];

        if (key->type == NOTE_COSIGNATURE && strcmp(key->name, name) == 0 &&
            batch_verify(run->shown.content, &key->key) == STATUS_OK) {
            return key;
        }
    }
    return NULL;
}

static void print_events(const struct report_run *run)
{
    const struct entry *entry = &run->shown.entry;
    struct words words = {.language = run->args->language};
    const struct batch_view *view = NULL;

    if (batch_cache_put(run->cache, entry, run->shown.content, &view) !=
            STATUS_OK ||
        !batch_view_readable(view)) {
        (void)printf("%s\n", pick(run, "Nội dung của lô không đọc được",
                                  "The batch cannot be read"));
        return;
    }
    for (uint32_t i = 0; i < entry->count; i++) {
        struct event event;
        char id[EVENT_ID_TEXT_MAX];
        char day[TEXT_DATE_MAX];

        batch_view_event(view, i, &event);
        event_id_format(id60_make(entry->agent_number, entry->epoch_ordinal,
                                  (uint32_t)entry->first_seq + i),
                        id);
        text_format_date(event.occurred_on, run->args->language, day);
        (void)printf("  %s: %s, %s\n", id, words_type(&words, &event), day);
    }
}

static void print_content(const struct report_run *run)
{
    if (run->shown.content.size == 0) {
        (void)printf("%s\n",
                     pick(run,
                          "Nội dung không nằm trong tệp: mã băm trên cho biết "
                          "là lô nào",
                          "The bytes are not in the file: the hash says which "
                          "they are"));
        return;
    }
    if (run->shown.entry.kind != ENTRY_BATCH) {
        return;
    }
    (void)printf("%s: %s\n",
                 pick(run, "Chữ ký của trạm trên lô",
                      "The agent's signature of the batch"),
                 sender(run) != NULL
                     ? pick(run, "ĐẠT", "PASS")
                     : pick(run, "không kiểm tra: không có khóa lúc đó",
                            "not checked: the key of the time is not here"));
    print_events(run);
}

static void print_witnesses(const struct report_run *run)
{
    const struct note *note = &run->shown.note;
    size_t known = 0;

    (void)printf("%s: %" PRIu64 "\n",
                 pick(run, "Mốc xác nhận, số mục", "Checkpoint, entries"),
                 run->shown.checkpoint.size);
    for (size_t i = 0; i < run->read.count; i++) {
        const struct note_key *key = &run->read.keys[i];
        uint64_t time = 0;
        enum status status = key->type == NOTE_COSIGNATURE
                                 ? note_verify(note, key, &time)
                                 : STATUS_NOT_FOUND;

        if (status == STATUS_OK) {
            char clock[TEXT_MOMENT_MAX];

            text_format_clock((int64_t)time * CLOCK_US_PER_S,
                              run->args->language, clock);
            (void)printf("  %s: %s, %s\n",
                         pick(run, "làm chứng", "witnessed by"), key->name,
                         clock);
            known++;
        } else if (status == STATUS_REFUSED) {
            (void)printf("  %s: %s\n",
                         pick(run, "chữ ký làm chứng SAI",
                              "a witness's signature is WRONG"),
                         key->name);
        }
    }
    if (known + 1 < note->count) {
        (void)printf("  %s: %zu\n",
                     pick(run, "chữ ký của khóa không có ở đây",
                          "signatures by keys that are not here"),
                     note->count - 1 - known);
    }
}

static enum status check_proof(struct report_run *run)
{
    enum tlog_fault fault = TLOG_NOT_SIGNED;

    for (size_t i = 0; i < run->read.count && fault == TLOG_NOT_SIGNED; i++) {
        const struct note_key *key = &run->read.keys[i];

        if (key->type == NOTE_ED25519) {
            fault = tlog_proof_check(&run->proof, key->name, &key->key,
                                     &run->shown);
        }
    }

    if (fault != TLOG_GOOD) {
        (void)printf("%s: %s\n", pick(run, "KHÔNG ĐẠT", "FAIL"),
                     fault_text(run, fault));
        return STATUS_REFUSED;
    }
    (void)printf("%s: %s\n", pick(run, "ĐẠT", "PASS"),
                 pick(run, "mục này nằm trong sổ cái mà khóa của sổ cái đã ký",
                      "this entry is in the ledger that its key has signed"));
    print_entry(run);
    print_content(run);
    print_witnesses(run);
    return STATUS_OK;
}

enum status proof_report(const struct args *args, const char *path,
                         const char *keys_path)
{
    struct report_run run = {.args = args, .path = path};
    enum status status = read_keys(args, keys_path, &run.read);

    buffer_init(&run.text, TLOG_PROOF_BYTES_MAX);
    tlog_proof_init(&run.proof);
    if (status == STATUS_OK) {
        status = file_read(path, &run.text);
        if (status == STATUS_OK) {
            status = tlog_proof_read(buffer_bytes(&run.text), &run.proof);
        }
        if (status != STATUS_OK) {
            status = args_fail(args, path, status);
        }
    }
    if (status == STATUS_OK) {
        run.cache = batch_cache_new(1);
        status = run.cache == NULL ? args_fail(args, path, STATUS_MEMORY)
                                   : check_proof(&run);
    }
    batch_cache_free(&run.cache);
    tlog_proof_fini(&run.proof);
    buffer_fini(&run.text);
    free(run.read.keys);
    return status;
}
