#include "agent/line/witness.h"

#include <string.h>

/* ---- judging ---- */

void witness_read(const struct wire_note *note, struct checkpoint *checkpoint)
{
    struct note opened;

    memset(checkpoint, 0, sizeof *checkpoint);
    if (note->size == 0 ||
        note_open((struct bytes){note->bytes, note->size}, &opened) !=
            STATUS_OK ||
        checkpoint_read(opened.text, checkpoint) != STATUS_OK) {
        memset(checkpoint, 0, sizeof *checkpoint);
    }
}

static uint32_t compare(const struct checkpoint *held,
                        const struct checkpoint *given,
                        const struct wire_checkpoint *message)
{
    if (held->size == 0) {
        return 0;
    }
    if (given->size < held->size) {
        return WIRE_OBJECTION_SMALLER;
    }
    if (given->size == held->size) {
        return digest_equal(&given->root, &held->root)
                   ? 0
                   : WIRE_OBJECTION_OTHER_ROOT;
    }
    return message->from_size == held->size &&
                   merkle_check_consistency(held->size, given->size,
                                            &held->root, &given->root,
                                            &message->proof)
               ? 0
               : WIRE_OBJECTION_NO_PROOF;
}

void witness_judge(const struct wire_note *held,
                   const struct wire_checkpoint *given, const char *origin,
                   const struct public_key *ledger_key,
                   struct witness_judgement *judgement)
{
    memset(judgement, 0, sizeof *judgement);
    witness_read(held, &judgement->held);
    if (checkpoint_open(given->note, origin, ledger_key, &judgement->given,
                        NULL) != STATUS_OK ||
        judgement->given.size == 0) {
        memset(&judgement->given, 0, sizeof judgement->given);
        judgement->reason = WIRE_OBJECTION_BAD_SIGNATURE;
        return;
    }
    judgement->reason = compare(&judgement->held, &judgement->given, given);
}

/* ---- words ---- */

struct words {
    const char *token;
    struct language_text name; /* in passing */
    struct language_text text;
};

static const struct words reasons[WIRE_OBJECTION_END] = {
    [0] = {"unknown",
           {"lý do chưa biết", "a reason that is not known"},
           {"lý do mà phiên bản này chưa biết",
            "a reason that this version does not know"}},
    [WIRE_OBJECTION_SMALLER] =
        {"smaller",
         {"sổ cái ngắn hơn", "the ledger was smaller"},
         {"Sổ cái của tỉnh nay NHỎ HƠN sổ mà máy này đã thấy. Có thể tỉnh vừa "
          "khôi phục từ bản sao lưu cũ; cũng có thể phần cuối sổ đã bị bỏ đi. "
          "Số liệu của văn phòng vẫn còn trên máy này. Hãy báo người quản trị "
          "của tỉnh và hỏi có khôi phục hay không; nếu không, hãy báo người "
          "kiểm toán.",
          "The province's ledger is SMALLER now than the one that this machine "
          "has seen. The province may have been restored from an older backup; "
          "or the ledger's end was removed. What this office recorded is still "
          "here. Tell the administrator of the province and ask whether it was "
          "restored; if not, tell the auditor."}},
    [WIRE_OBJECTION_OTHER_ROOT] =
        {"other_root",
         {"cùng số mục, nội dung khác", "as many entries, another content"},
         {"Sổ cái của tỉnh có CÙNG SỐ MỤC với sổ mà máy này đã thấy nhưng NỘI "
          "DUNG KHÁC: sổ đã bị sửa. Hãy báo người kiểm toán và người quản trị "
          "của tỉnh; máy này giữ cả hai bản có chữ ký của tỉnh làm chứng.",
          "The province's ledger has AS MANY ENTRIES as the one that this "
          "machine has seen and ANOTHER CONTENT: it was changed. Tell the "
          "auditor and the administrator of the province; this machine keeps "
          "both, with the province's signatures, as evidence."}},
    [WIRE_OBJECTION_NO_PROOF] =
        {"no_proof",
         {"không nối tiếp", "it did not go on from what was seen"},
         {"Sổ cái của tỉnh KHÔNG NỐI TIẾP sổ mà máy này đã thấy: những mục cũ "
          "đã bị sửa, bỏ bớt hoặc đổi thứ tự. Hãy báo người kiểm toán và người "
          "quản trị của tỉnh; máy này giữ cả hai bản có chữ ký của tỉnh làm "
          "chứng.",
          "The province's ledger DOES NOT GO ON from the one that this machine "
          "has seen: old entries were changed, dropped or put in another "
          "order. Tell the auditor and the administrator of the province; this "
          "machine keeps both, with the province's signatures, as evidence."}},
    [WIRE_OBJECTION_BAD_SIGNATURE] =
        {"bad_signature",
         {"chữ ký không đúng", "no good signature"},
         {"Tỉnh gửi một mốc xác nhận KHÔNG CÓ CHỮ KÝ ĐÚNG của sổ cái. Máy này "
          "không nhận mốc đó. Hãy báo người quản trị của tỉnh: khóa của sổ cái "
          "có thể đã bị thay.",
          "The province has sent a checkpoint WITHOUT A GOOD SIGNATURE of the "
          "ledger. This machine did not take it. Tell the administrator of the "
          "province: the ledger's key may have been replaced."}},
    [WIRE_OBJECTION_RECEIPT] =
        {"receipt",
         {"thiếu số liệu đã có biên nhận", "without what has a receipt"},
         {"Số liệu của văn phòng này ĐÃ CÓ BIÊN NHẬN nhưng không nằm trong sổ "
          "cái mà tỉnh đã ký. Biên nhận và số liệu vẫn còn trên máy này. Hãy "
          "báo người kiểm toán và người quản trị của tỉnh.",
          "What this office HAS A RECEIPT FOR is not in the ledger that the "
          "province has signed. Receipt and events are still here. Tell the "
          "auditor and the administrator of the province."}},
};

static const struct words *words_of(uint32_t reason)
{
    return &reasons[reason < WIRE_OBJECTION_END ? reason : 0];
}

const char *witness_reason_token(uint32_t reason)
{
    return words_of(reason)->token;
}

const char *witness_reason_name(uint32_t reason, enum language language)
{
    return language_pick(words_of(reason)->name, language);
}

const char *witness_reason_text(uint32_t reason, enum language language)
{
    return language_pick(words_of(reason)->text, language);
}
