/* Any bytes as a note, a checkpoint and a key: no crash, no read beyond the
 * end. What is accepted is written again as the same bytes, and nobody's
 * signature is found in what nobody has signed. */
#include "common/base/check.h"
#include "common/format/checkpoint.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_key(struct bytes line)
{
    struct note_key key;
    struct buffer again;

    if (note_key_read(line, &key) != STATUS_OK) {
        return;
    }
    buffer_init(&again, NOTE_KEY_TEXT_MAX);
    check(note_key_write(&key, &again) == STATUS_OK);
    check(again.size == line.size);
    buffer_fini(&again);
}

static void look_at_checkpoint(struct bytes text)
{
    struct checkpoint checkpoint;
    struct buffer again;

    if (checkpoint_read(text, &checkpoint) != STATUS_OK) {
        return;
    }
    buffer_init(&again, CHECKPOINT_TEXT_MAX);
    check(checkpoint_write(&checkpoint, &again) == STATUS_OK);
    check(again.size <= text.size &&
          memcmp(again.data, text.data, again.size) == 0);
    buffer_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct public_key nobody;
    struct bytes bytes = {data, size};
    struct checkpoint checkpoint;
    struct note_key key;
    struct note note;

    sign_init();
    look_at_key(bytes);
    look_at_checkpoint(bytes);
    if (note_open(bytes, &note) != STATUS_OK) {
        return 0;
    }
    check(note.text.size + 1 + note.signatures.size == size);
    check(note.count > 0 && note.count <= NOTE_SIGNATURES_MAX);
    look_at_checkpoint(note.text);
    check(note_key_make("ledger.example/hoa-binh", NOTE_ED25519, &nobody,
                        &key) == STATUS_OK);
    check(note_verify(&note, &key, NULL) != STATUS_OK);
    key.type = NOTE_COSIGNATURE;
    check(note_verify(&note, &key, NULL) != STATUS_OK);
    check(checkpoint_open(bytes, "ledger.example/hoa-binh", &nobody,
                          &checkpoint, NULL) != STATUS_OK);
    return 0;
}
