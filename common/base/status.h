/* status - what a function that can fail answers.
 *
 * Flow     every module -> status -> message, log line, exit code
 * Owns     nothing; the table below is the only list of outcomes.
 * Threads  any: everything is constant.
 * Limits   the exit codes are those that scripts rely on: 0 ok, 1 integrity
 *          failure or refused, 2 usage, 3 not found, 65 bad data, 66 no input,
 *          74 disk, 78 configuration.
 */
#ifndef TALLYLINE_COMMON_STATUS_H
#define TALLYLINE_COMMON_STATUS_H

#include "common/base/language.h"

#define MUST_USE __attribute__((warn_unused_result))

/* name, exit code, English, Vietnamese */
#define STATUS_LIST(X)                                                       \
    X(OK, 0, "done", "xong")                                                 \
    X(INVALID, 65, "the data is not valid", "dữ liệu không hợp lệ")          \
    X(NOT_FOUND, 3, "not found", "không tìm thấy")                           \
    X(EXISTS, 1, "already there", "đã có rồi")                               \
    X(FULL, 74, "no room left", "hết chỗ lưu")                               \
    X(IO, 74, "the disk or the device failed", "lỗi đĩa hoặc thiết bị")      \
    X(CORRUPT, 1, "the stored data is damaged", "dữ liệu lưu bị hỏng")       \
    X(REFUSED, 1, "refused", "bị từ chối")                                   \
    X(AGAIN, 1, "not now, try again", "chưa được, hãy thử lại")              \
    X(MEMORY, 1, "out of memory", "hết bộ nhớ")                              \
    X(USAGE, 2, "wrong use of the command", "dùng sai lệnh")                 \
    X(CONFIG, 78, "the configuration is not valid", "cấu hình không hợp lệ") \
    X(VERSION, 78, "made by a newer version", "do phiên bản mới hơn tạo ra") \
    X(BUSY, 1, "in use by another process", "tiến trình khác đang dùng")     \
    X(NO_INPUT, 66, "the input cannot be read", "không đọc được đầu vào")    \
    X(ERASED, 1, "erased by order", "đã xóa theo lệnh")                      \
    X(AWAY, 66, "a cold file is missing", "thiếu tệp lưu lạnh")              \
    X(REBUILDING, 1, "the ledger is being rebuilt and takes no order",       \
      "sổ cái đang được dựng lại, chưa nhận lệnh nào")

enum status {
#define STATUS_ENUM(name, code, en, vi) STATUS_##name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
    STATUS_COUNT
};

/* The word for logs and scripts, such as "NOT_FOUND". Valid for ever. */
const char *status_name(enum status status);

/* The sentence for people, without a full stop. Valid for ever. */
const char *status_text(enum status status, enum language language);

/* The exit code of a program that ends with this status. */
int status_exit_code(enum status status);

#endif
