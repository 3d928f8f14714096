# Warnings, language level and sanitizers, as one INTERFACE target that every
# target of the project links.
add_library(tallyline_flags INTERFACE)
target_compile_definitions(tallyline_flags INTERFACE
  _XOPEN_SOURCE=700
  TALLYLINE_VERSION="${PROJECT_VERSION}")
target_compile_options(tallyline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
  -Wmissing-prototypes -Wvla -Wformat=2 -Wundef
  -fno-common -fstack-protector-strong)
# Includes are written from the top folder: "common/base/status.h".
target_include_directories(tallyline_flags INTERFACE "${PROJECT_SOURCE_DIR}")

if(TALLYLINE_WERROR)
  target_compile_options(tallyline_flags INTERFACE -Werror)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(tallyline_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(tallyline_flags INTERFACE
    -Wl,-z,relro -Wl,-z,now)
endif()

# Sanitizers also cover the generated code, hence for the whole directory.
if(TALLYLINE_SANITIZE)
  add_compile_options(-fsanitize=${TALLYLINE_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TALLYLINE_SANITIZE})
endif()
