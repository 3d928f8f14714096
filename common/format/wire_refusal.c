#include "common/format/wire_refusal.h"

#include <stddef.h>

struct refusal_words {
    enum wire_refusal_code code;
    const char *token;
    struct language_text text;
};

static const struct refusal_words refusals[] = {
    {WIRE_REFUSAL_REVOKED,
     "revoked",
     {.vi = "tỉnh đã thu hồi quyền của trạm này; số liệu vẫn còn trên "
            "máy, hãy hỏi người quản trị của tỉnh",
      .en = "the province has revoked this machine; the data are still here, "
            "ask the administrator of the province"}},
    {WIRE_REFUSAL_POSITION_TAKEN,
     "position_taken",
     {.vi = "tỉnh đã nhận số liệu khác mang cùng số thứ tự: máy này là bản "
            "sao hoặc được khôi phục từ bản cũ; hãy chạy lệnh recover",
      .en = "the province holds other data at the same position: this machine "
            "is a copy or was set back to an older state; run recover"}},
    {WIRE_REFUSAL_CHAIN_BROKEN,
     "chain_broken",
     {.vi = "lô số liệu không nối tiếp lô trước mà tỉnh đã nhận; hãy báo người "
            "quản trị của tỉnh, rồi chạy lệnh recover",
      .en = "a batch does not follow on the one that the province has; tell "
            "the administrator of the province, then run recover"}},
    {WIRE_REFUSAL_BAD_SIGNATURE,
     "bad_signature",
     {.vi =
          "chữ ký của lô số liệu không đúng; khóa trên máy có thể đã bị thay, "
          "hãy báo người quản trị của tỉnh",
      .en = "the signature of a batch is wrong; the keys here may have been "
            "replaced, tell the administrator of the province"}},
    {WIRE_REFUSAL_GAP,
     "gap",
     {.vi = "tỉnh còn thiếu số liệu trước đó; máy tự gửi lại",
      .en = "the province lacks earlier data; they are being sent again"}},
    {WIRE_REFUSAL_LIMIT,
     "limit",
     {.vi =
          "lô số liệu vượt giới hạn của tỉnh; hãy báo người quản trị của tỉnh",
      .en = "a batch is beyond the limits of the province; tell its "
            "administrator"}},
    {WIRE_REFUSAL_FULL,
     "full",
     {.vi = "trung tâm hết chỗ lưu; số liệu được giữ trên máy này và sẽ tự "
            "gửi lại",
      .en = "the province has no room left; the data stay here and will be "
            "sent again"}},
    {WIRE_REFUSAL_VERSION,
     "version",
     {.vi = "phiên bản phần mềm của trạm không còn dùng được với trung tâm; "
            "hãy cập nhật phần mềm",
      .en = "this program's version cannot talk to the province; update it"}},
    {WIRE_REFUSAL_NOT_JOINED,
     "not_joined",
     {.vi = "khóa này chỉ dùng để đăng ký; hãy chạy lệnh join trước",
      .en = "this key is good only for joining; run join first"}},
    {WIRE_REFUSAL_JOIN_EXPIRED,
     "join_expired",
     {.vi = "tệp đăng ký đã hết hạn; hãy xin tỉnh tệp mới",
      .en = "the enrolment file has expired; ask the province for a new one"}},
    {WIRE_REFUSAL_JOIN_USED,
     "join_used",
     {.vi = "tệp đăng ký đã được máy khác dùng; hãy báo người quản trị của "
            "tỉnh",
      .en = "the enrolment file was used by another machine; tell the "
            "administrator of the province"}},
    {WIRE_REFUSAL_EPOCH_CLOSED,
     "epoch_closed",
     {.vi = "đợt số liệu này đã đóng vì một máy khác của văn phòng đã mở đợt "
            "mới; máy này là bản cũ",
      .en = "this stream is closed, because another machine of the office "
            "opened a new one; this machine is an old copy"}},
    {WIRE_REFUSAL_WRONG_AGENT,
     "wrong_agent",
     {.vi = "lô số liệu thuộc về trạm khác; hãy báo người quản trị của tỉnh",
      .en = "a batch belongs to another office; tell the administrator of the "
            "province"}},
    {WIRE_REFUSAL_UNKNOWN_EPOCH,
     "unknown_epoch",
     {.vi = "trung tâm không biết đợt số liệu này; nếu trung tâm vừa được "
            "khôi phục, hãy báo người quản trị của tỉnh",
      .en = "the province does not know this stream; if it has restored its "
            "server, tell its administrator"}},
    {WIRE_REFUSAL_RECOVERING,
     "recovering",
     {.vi = "trung tâm đang được dựng lại sau sự cố; số liệu được giữ trên "
            "máy này và sẽ tự gửi khi dựng xong",
      .en = "the province is being rebuilt after a loss; the data stay here "
            "and will be sent when that is done"}},
    {WIRE_REFUSAL_UNKNOWN_KEY,
     "unknown_key",
     {.vi = "trung tâm không nhận khóa của trạm này; hãy kiểm tra địa chỉ, "
            "hoặc xin tỉnh tệp đăng ký mới",
      .en = "the province does not let this key in; check the address, or ask "
            "for a new enrolment file"}},
    {WIRE_REFUSAL_PAST_REMOVED,
     "past_removed",
     {.vi = "tỉnh đã mất số liệu mà tỉnh từng báo đã sao lưu và máy này đã xóa "
            "để lấy chỗ; hãy báo người quản trị của tỉnh: phục hồi từ bản sao "
            "lưu mới hơn, nếu không còn thì chạy tallyline-agent recover để "
            "gửi phần còn lại",
      .en = "the province has lost what it once said was backed up, and this "
            "machine has made room of it; tell the province's administrator: "
            "restore a newer backup, or, if there is none, run "
            "tallyline-agent recover to send what is left"}},
    {WIRE_REFUSAL_OTHER_LEDGER,
     "other_ledger",
     {.vi = "trung tâm ở địa chỉ này giữ sổ cái khác; hãy lấy lại agent.yaml "
            "như trước, hoặc báo người quản trị của tỉnh",
      .en = "the collector at this address keeps another ledger; put "
            "agent.yaml back as it was, or tell the province's "
            "administrator"}},
    {WIRE_REFUSAL_PAST_ERASED,
     "past_erased",
     {.vi =
          "trung tâm này thiếu số liệu mà máy này đã xóa theo lệnh, nên không "
          "nhận được những gì ở sau; hãy báo người quản trị của tỉnh",
      .en = "this collector lacks what was erased here by order, and cannot "
            "take what is behind it; tell the province's administrator"}},
};

static const struct refusal_words unknown_refusal = {
    WIRE_REFUSAL_NONE,
    "unknown",
    {.vi = "trung tâm từ chối với lý do mà phiên bản này chưa biết; hãy cập "
           "nhật phần mềm",
     .en = "the province refused for a reason that this version does not "
           "know; update the program"}};

static const struct refusal_words *refusal_find(uint32_t code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if ((uint32_t)refusals[i].code == code) {
            return &refusals[i];
        }
    }
    return &unknown_refusal;
}

const char *wire_refusal_token(uint32_t code)
{
    return refusal_find(code)->token;
}

const char *wire_refusal_text(uint32_t code, enum language language)
{
    return language_pick(refusal_find(code)->text, language);
}
