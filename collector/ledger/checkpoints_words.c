/* What is wrong between the ledger and its witnesses, in words. */
#include "collector/ledger/checkpoints.h"

#include "common/base/check.h"

struct words {
    const char *token;
    struct language_text text;
};

static const struct words troubles[CHECKPOINTS_TROUBLE_END] = {
    [CHECKPOINTS_GOOD] = {"good", {"tốt", "good"}},
    [CHECKPOINTS_BEHIND] =
        {"behind",
         {"có trạm đang giữ mốc xác nhận lớn hơn sổ này: sổ được khôi "
          "phục "
          "từ bản cũ và còn thiếu số liệu; chưa ký mốc mới cho tới khi nhận "
          "lại đủ",
          "an office holds a checkpoint that is larger than this ledger: it "
          "was restored from an older copy and lacks entries; nothing is "
          "signed before they are back"}},
    [CHECKPOINTS_CUT] =
        {"cut",
         {"sổ cái ngắn hơn mốc xác nhận cuối cùng mà chính nó đã ký: phần cuối "
          "sổ đã bị "
          "bỏ mất; không ký mốc nào nữa, hãy chạy audit verify",
          "the ledger is shorter than the last checkpoint that it has signed "
          "itself: its end was removed; nothing is signed any more, run audit "
          "verify"}},
    [CHECKPOINTS_REWRITTEN] =
        {"rewritten",
         {"sổ cái không còn khớp với mốc xác nhận cuối cùng mà chính nó đã ký: "
          "nội dung "
          "cũ đã bị sửa; không ký mốc nào nữa, hãy chạy audit verify và báo "
          "người kiểm toán",
          "the ledger no longer fits the last checkpoint that it has signed "
          "itself: its past was changed; nothing is signed any more, run audit "
          "verify and tell the auditor"}},
    [CHECKPOINTS_DISPUTED] =
        {"disputed",
         {"một trạm đang giữ mốc xác nhận do khóa của sổ này ký mà sổ "
          "không khớp: "
          "đã có hai lịch sử khác nhau; không ký mốc nào nữa, hãy chạy audit "
          "verify và báo người kiểm toán",
          "an office holds a checkpoint signed by this ledger's key that the "
          "ledger does not fit: there are two histories; nothing is signed any "
          "more, run audit verify and tell the auditor"}},
    [CHECKPOINTS_UNREADABLE] =
        {"unreadable",
         {"không tính được gốc của sổ cái vì có mục hoặc nút bị hỏng; không ký "
          "mốc nào cho tới khi được chữa, hãy chạy audit scrub",
          "the ledger's root cannot be computed, for an entry or a node is "
          "damaged; nothing is signed before it is healed, run audit scrub"}},
    [CHECKPOINTS_NOT_OURS] =
        {"not_ours",
         {"mốc xác nhận cuối cùng trong sổ không phải do khóa của sổ này ký; "
          "không ký "
          "mốc nào nữa, hãy chạy audit verify",
          "the last checkpoint in the ledger was not signed by its key; "
          "nothing is signed any more, run audit verify"}},
};

static const struct words reasons[WIRE_OBJECTION_END] = {
    [0] = {"unknown",
           {"lý do mà phiên bản này chưa biết",
            "for a reason that this version does not know"}},
    [WIRE_OBJECTION_SMALLER] =
        {"smaller",
         {"mốc xác nhận được gửi nhỏ hơn mốc trạm đang giữ",
          "the checkpoint is smaller than the one the office holds"}},
    [WIRE_OBJECTION_OTHER_ROOT] =
        {"other_root",
         {"mốc xác nhận được gửi cùng số mục nhưng khác gốc với mốc trạm "
          "đang giữ",
          "the checkpoint has the size of the one the office holds and another "
          "root"}},
    [WIRE_OBJECTION_NO_PROOF] =
        {"no_proof",
         {"không có bằng chứng rằng sổ được gửi nối tiếp sổ trạm đã thấy",
          "there is no proof that the ledger goes on from what the office has "
          "seen"}},
    [WIRE_OBJECTION_BAD_SIGNATURE] =
        {"bad_signature",
         {"mốc xác nhận được gửi không có chữ ký đúng của sổ cái",
          "the checkpoint is not signed by the ledger's key"}},
    [WIRE_OBJECTION_RECEIPT] =
        {"receipt",
         {"số liệu trạm đã có biên nhận không nằm trong sổ được gửi",
          "what the office has a receipt for is not under the checkpoint"}},
};

static const struct words *reason_words(uint32_t reason)
{
    return &reasons[reason < WIRE_OBJECTION_END ? reason : 0];
}

const char *checkpoints_trouble_token(enum checkpoints_trouble trouble)
{
    check(trouble < CHECKPOINTS_TROUBLE_END);
    return troubles[trouble].token;
}

const char *checkpoints_trouble_text(enum checkpoints_trouble trouble,
                                     enum language language)
{
    check(trouble < CHECKPOINTS_TROUBLE_END);
    return language_pick(troubles[trouble].text, language);
}

const char *checkpoints_reason_token(uint32_t reason)
{
    return reason_words(reason)->token;
}

const char *checkpoints_reason_text(uint32_t reason, enum language language)
{
    return language_pick(reason_words(reason)->text, language);
}
