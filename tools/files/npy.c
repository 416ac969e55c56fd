// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "files/npy.h"

#include "cli/say.h"
#include "grus/grus.h"
#include "host/file_bytes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAGIC_SIZE  = 8, ///< With the version
  MAX_HEADER  = 65536,
  HEADER_STEP = 64, ///< Numbers begin at a multiple of this
};

static const char magic[] = "\x93NUMPY";

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
static const char* const descrs[]   = {"'>f4'", "'>f8'"};
static const char* const half_descr = "'>f2'";
#else
static const char* const descrs[]   = {"'<f4'", "'<f8'"};
static const char* const half_descr = "'<f2'";
#endif

/// What a header says
typedef struct {
  NpyArray array;
  bool     half; ///< The file has float16, which become float32
  bool     fortran_order;
  bool     has_descr;
  bool     has_order;
  bool     has_shape;
} Header;

size_t
npy_number_size(const GrusNumber dtype)
{
  return dtype == GRUS_FLOAT64 ? sizeof(double) : sizeof(float);
}

const char*
npy_number_name(const GrusNumber dtype)
{
  return dtype == GRUS_FLOAT64 ? "float64" : "float32";
}

/// Bytes of an array, or false if they are too many
static bool
array_bytes(NpyArray* const array, size_t* const n_bytes)
{
  array->n = 1U;
  for (uint32_t i = 0U; i < array->shape.n_dims; ++i) {
    if (__builtin_mul_overflow(array->n, array->shape.sizes[i], &array->n)) {
      return false;
    }
  }

  return !__builtin_mul_overflow(
           array->n, npy_number_size(array->dtype), n_bytes) &&
         *n_bytes <= PTRDIFF_MAX;
}

int
npy_array_new(NpyArray* const        array,
              const GrusNumber       dtype,
              const GrusShape* const shape)
{
  size_t n_bytes = 0U;
  array->shape   = *shape;
  array->dtype   = dtype;
  array->data    = NULL;
  if (array_bytes(array, &n_bytes)) {
    array->data = malloc(n_bytes ? n_bytes : 1U);
  }

  return array->data ? EXIT_OK
                     : say_error(EXIT_FAILED, "no memory for the results");
}

/// Step over spaces and `token`, or return false
static bool
skip(const char** const at, const char* const token)
{
  const char*  start  = *at + strspn(*at, " \n");
  const size_t length = strlen(token);
  if (strncmp(start, token, length) != 0) {
    return false;
  }

  *at = start + length;
  return true;
}

/// Read a tuple like (2, 3, 4)
static bool
parse_shape(const char** const at, GrusShape* const shape)
{
  shape->n_dims = 0U;
  if (!skip(at, "(")) {
    return false;
  }
  while (!skip(at, ")")) {
    const char* const start = *at + strspn(*at, " ");
    char*             end   = NULL;
    errno                   = 0;
    const uintmax_t size    = strtoumax(start, &end, 10);
    if (*start < '0' || *start > '9' || errno || size > SIZE_MAX ||
        shape->n_dims == GRUS_MAX_RANK) {
      return false;
    }
    shape->sizes[shape->n_dims++] = (size_t)size;
    *at                           = end;
    if (!skip(at, ",") && *(*at + strspn(*at, " ")) != ')') {
      return false;
    }
  }

  return true;
}

/// Read one entry of the dictionary
static bool
parse_entry(const char** const at, Header* const header)
{
  if (skip(at, "'descr':")) {
    header->half = skip(at, half_descr);
    header->array.dtype =
      header->half || skip(at, descrs[0]) ? GRUS_FLOAT32 : GRUS_FLOAT64;
    header->has_descr = true;
    return header->array.dtype == GRUS_FLOAT32 || skip(at, descrs[1]);
  }
  if (skip(at, "'fortran_order':")) {
    header->fortran_order = skip(at, "True");
    header->has_order     = true;
    return header->fortran_order || skip(at, "False");
  }
  header->has_shape = true;
  return skip(at, "'shape':") && parse_shape(at, &header->array.shape);
}

/// Read the dictionary; return what is wrong with it, or null
static const char*
parse_header(const char* at, Header* const header)
{
  bool good = skip(&at, "{");
  while (good && !skip(&at, "}")) {
    good = parse_entry(&at, header);
    skip(&at, ",");
  }
  if (!good || !header->has_descr || !header->has_order || !header->has_shape) {
    return "it does not hold float16, float32 or float64 numbers in at most "
           "3 dimensions";
  }
  if (header->fortran_order && header->array.shape.n_dims > 1U) {
    return "it is in Fortran order (numpy.ascontiguousarray() changes that)";
  }

  return NULL;
}

/// Read and check everything before the numbers; return what is wrong, or null
static const char*
read_header(FILE* const stream, Header* const header)
{
  static const char* const not_npy = "it is not a .npy file";

  unsigned char start[MAGIC_SIZE];
  unsigned char length[4]        = {0U, 0U, 0U, 0U};
  char          text[MAX_HEADER] = {0};
  if (fread(start, 1U, MAGIC_SIZE, stream) != MAGIC_SIZE ||
      memcmp(start, magic, sizeof(magic) - 1U) != 0 || !start[6] ||
      start[6] > 3U) {
    return not_npy;
  }

  const size_t n = start[6] == 1U ? 2U : 4U;
  if (fread(length, 1U, n, stream) != n) {
    return not_npy;
  }
  const size_t size = (size_t)length[0] | ((size_t)length[1] << 8U) |
                      ((size_t)length[2] << 16U) | ((size_t)length[3] << 24U);
  if (size >= MAX_HEADER || fread(text, 1U, size, stream) != size) {
    return not_npy;
  }

  return parse_header(text, header);
}

/// Read `n_bytes`, taking memory for what has come and not for what a header
/// of a pipe claims; null if there is no memory or, with `cut`, no more to read
static void*
read_growing(FILE* const stream, const size_t n_bytes, bool* const cut)
{
  unsigned char* data = NULL;
  size_t         n    = 0U;
  size_t         step = MAX_HEADER;
  *cut                = false;
  do {
    step = n_bytes - n < step ? n_bytes - n : step;

    unsigned char* const larger =
      (unsigned char*)realloc(data, n + step ? n + step : 1U);
    if (!larger) {
      break;
    }
    data = larger;
    if (fread(data + n, 1U, step, stream) != step) {
      *cut = true;
      break;
    }
    n += step;
    step = n;
  } while (n < n_bytes);
  if (n == n_bytes) {
    return data;
  }

  free(data);
  return NULL;
}

/// Return the value of a float16: IEEE 754-2019, binary16
static float
float_of_half(const unsigned bits)
{
  const int   exponent = (int)((bits >> 10U) & 31U);
  const float fraction = (float)(bits & 1023U);
  float       size     = ldexpf(fraction, -24);
  if (exponent == 31) {
    size = fraction > 0.0f ? NAN : INFINITY;
  } else if (exponent > 0) {
    size = ldexpf(1024.0f + fraction, exponent - 25);
  }

  return bits & 0x8000U ? -size : size;
}

/// Replace float16 by float32; return false if there is no memory
static bool
widen(NpyArray* const array)
{
  const uint16_t* const halves = (const uint16_t*)array->data;
  float* const          floats =
    (float*)malloc(array->n ? array->n * sizeof(float) : 1U);
  if (!floats) {
    return false;
  }
  for (size_t i = 0U; i < array->n; ++i) {
    floats[i] = float_of_half(halves[i]);
  }

  free(array->data);
  array->data = floats;
  return true;
}

/// Read the numbers, which are the rest of the file; return what is wrong
static const char*
read_numbers(FILE* const stream, Header* const header)
{
  static const char* const other_size = "its size is not what its shape says";
  static const char* const no_memory  = "there is no memory for it";

  NpyArray* const array   = &header->array;
  struct stat     info    = {0};
  const long      start   = ftell(stream);
  size_t          n_bytes = 0U;
  if (!array_bytes(array, &n_bytes)) {
    return other_size;
  }
  if (header->half) {
    n_bytes = array->n * sizeof(uint16_t);
  }
  // Of a file the size is known before memory is taken
  if (start >= 0 && !fstat(fileno(stream), &info) && S_ISREG(info.st_mode) &&
      n_bytes != (uintmax_t)info.st_size - (uintmax_t)start) {
    return other_size;
  }

  bool cut    = false;
  array->data = read_growing(stream, n_bytes, &cut);
  if (!array->data) {
    return cut ? "it is cut short" : no_memory;
  }
  if (fgetc(stream) != EOF) {
    return other_size;
  }
  return header->half && !widen(array) ? no_memory : NULL;
}

/// Open a file, or the standard input for "-"
static FILE*
open_array(const char* const path)
{
  return strcmp(path, "-") ? file_open_without_waiting(path)
                           : fdopen(dup(STDIN_FILENO), "rb");
}

/// Whether there is a whole file, or the standard input, whatever it is
static bool
can_be_read(FILE* const stream, const char* const path)
{
  struct stat info;
  return !strcmp(path, "-") ||
         (!fstat(fileno(stream), &info) && S_ISREG(info.st_mode));
}

int
npy_file_read(NpyArray* const array, const char* const path)
{
  FILE* const stream = open_array(path);
  if (!stream) {
    return say_error(
      EXIT_FAILED, "cannot open \"%s\": %s", path, strerror(errno));
  }

  Header header;
  memset(&header, 0, sizeof(header));
  const char* wrong = can_be_read(stream, path) ? read_header(stream, &header)
                                                : "it is not a file";
  if (!wrong) {
    wrong = read_numbers(stream, &header);
  }
  fclose(stream);
  if (wrong) {
    free(header.array.data);
    return say_error(EXIT_FAILED, "cannot read \"%s\": %s", path, wrong);
  }

  *array = header.array;
  return EXIT_OK;
}

/// Write the dictionary of an array, as numpy does; return its length
static size_t
print_header(char* const text, const size_t size, const NpyArray* const array)
{
  size_t n = (size_t)snprintf(text,
                              size,
                              "{'descr': %s, 'fortran_order': False, "
                              "'shape': (",
                              descrs[array->dtype]);
  for (uint32_t i = 0U; i < array->shape.n_dims; ++i) {
    n += (size_t)snprintf(
      text + n, size - n, i ? " %zu," : "%zu,", array->shape.sizes[i]);
  }
  return n + (size_t)snprintf(text + n, size - n, "), }");
}

int
npy_file_write(OutputFile* const file, const NpyArray* const array)
{
  char         text[4U * HEADER_STEP] = {0};
  const size_t start                  = MAGIC_SIZE + 2U;
  const size_t size = print_header(text + start, sizeof(text) - start, array);
  const size_t end  = (start + size + HEADER_STEP) / HEADER_STEP * HEADER_STEP;

  memcpy(text, magic, sizeof(magic) - 1U);
  text[6]          = 1;
  text[start - 2U] = (char)((end - start) & 0xFFU);
  text[start - 1U] = (char)((end - start) >> 8U);
  memset(text + start + size, ' ', end - start - size);
  text[end - 1U] = '\n';
  return output_file_write(file, text, end) ||
             output_file_write(
               file, array->data, array->n * npy_number_size(array->dtype))
           ? -1
           : 0;
}
