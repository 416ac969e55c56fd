// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/files.h"

#include "cli/say.h"
#include "metadata/containers/containers.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"

#include <sndfile.h>

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/// A family, how its files begin and how they are read and written
typedef struct {
  MetadataFamily family;
  const char*    magic;
  void (*read)(Metadata*, int fd);
  int (*write)(const Metadata*, const MetadataTarget*); ///< Null for none
} Container;

// libsndfile and ffmpeg play the chunks of a W64 behind its samples as sound,
// and libsndfile loses its way in those before them

static const Container containers[] = {
  {METADATA_RIFF, "RIFF", riff_read, riff_write},
  {METADATA_RIFF, "RF64", riff_read, riff_write},
  {METADATA_RIFF, "BW64", riff_read, riff_write},
  {METADATA_RIFF, "riff", riff_read, NULL},
  {METADATA_AIFF, "FORM", aiff_read, aiff_write},
  {METADATA_CAF, "caff", caf_read, caf_write},
  {METADATA_FLAC, "fLaC", flac_read, flac_write},
  {METADATA_OGG, "OggS", ogg_read, ogg_write},
};

static const Container mpeg = {METADATA_MPEG, "", mpeg_read, mpeg_write};

static const Container*
container_of_file(const int fd)
{
  char magic[4] = {0};
  if (file_read(fd, 0U, magic, sizeof(magic))) {
    return NULL;
  }
  const bool has_sync =
    (uint8_t)magic[0] == 0xFFU && ((uint8_t)magic[1] & 0xE0U) == 0xE0U;
  if (!memcmp(magic, "ID3", 3U) || has_sync) {
    return &mpeg;
  }
  for (size_t i = 0U; i < sizeof(containers) / sizeof(containers[0]); ++i) {
    if (!memcmp(magic, containers[i].magic, sizeof(magic))) {
      return &containers[i];
    }
  }
  return NULL;
}

/// Open a file once more; a pipe would lose what is read of it
static int
open_file(const char* const path)
{
  struct stat info;
  if (!strcmp(path, "-")) {
    return dup(STDIN_FILENO);
  }
  return stat(path, &info) || !S_ISREG(info.st_mode)
           ? -1
           : open(path, O_RDONLY | O_CLOEXEC);
}

static void
read_file(Metadata* const metadata, const int fd, const uint32_t rate)
{
  memset(metadata, 0, sizeof(*metadata));
  metadata->rate                   = rate;
  const Container* const container = fd < 0 ? NULL : container_of_file(fd);
  if (container) {
    metadata->family = container->family;
    container->read(metadata, fd);
    metadata_sort_markers(metadata);
  }
}

void
metadata_read(Metadata* const   metadata,
              const char* const path,
              const uint32_t    rate)
{
  const int fd = open_file(path);
  read_file(metadata, fd, rate);
  if (fd >= 0) {
    close(fd);
  }
}

void
metadata_read_head(Metadata* const   metadata,
                   const void* const head,
                   const size_t      size,
                   const uint32_t    rate)
{
  FILE* const file = tmpfile(); // Readers want one to go about in
  const bool ok = file && fwrite(head, 1U, size, file) == size && !fflush(file);
  read_file(metadata, ok ? fileno(file) : -1, rate);
  metadata->overflowed |= !ok;
  if (file) {
    fclose(file);
  }
}

/// Note where loudness was measured before the sound became another
static void
note_loudness(const Metadata* const metadata, Losses* const losses)
{
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const char* const key = metadata->texts[i].key;
    if (!strncasecmp(key, "REPLAYGAIN_", 11U) ||
        !strncasecmp(key, "R128_", 5U)) {
      losses_add(&losses->changed, "%s is that of the original", key);
      return;
    }
  }
}

/// Name everything, for a file that has room for nothing
static void
lose_all(const Metadata* const metadata, Losses* const losses)
{
  Buffer* const lost = &losses->lost;
  losses_count(lost, metadata->n_texts, "text", "texts");
  losses_count(lost, metadata->n_pictures, "picture", "pictures");
  losses_count(lost, metadata->n_markers, "cue point", "cue points");
  losses_add_chunks(losses, metadata, METADATA_NONE);
}

/// Return a descriptor of the same file that can be read as well, or -1
static int
open_both_ways(const int fd)
{
  char       path[40];
  const int  mode = fd < 0 ? -1 : fcntl(fd, F_GETFL);
  const bool both = mode >= 0 && (mode & O_ACCMODE) == O_RDWR;
  snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  return both             ? fcntl(fd, F_DUPFD_CLOEXEC, 3)
         : !file_size(fd) ? -1
                          : open(path, O_RDWR | O_CLOEXEC);
}

int
metadata_write(const Metadata* const metadata,
               const int             fd,
               const int             format,
               const uint32_t        rate,
               const char* const     path)
{
  const int              type   = format & SF_FORMAT_TYPEMASK;
  const int              both   = open_both_ways(fd);
  Losses                 losses = {{0}, {0}};
  int                    code   = 0;
  const Container* const container =
    type == SF_FORMAT_RAW || both < 0 ? NULL : container_of_file(both);

  if (container && container->write) {
    const double ratio =
      metadata->rate ? (double)rate / (double)metadata->rate : 1.0;
    const MetadataTarget target = {both, ratio, false, &losses};
    code                        = container->write(metadata, &target);
    note_loudness(metadata, &losses);
  } else {
    lose_all(metadata, &losses);
  }
  if (code) {
    say_error(EXIT_FAILED,
              "cannot write the metadata of \"%s\": %s",
              path,
              strerror(errno));
  }
  if (both >= 0) {
    close(both);
    lseek(fd, 0, SEEK_END); // A shell may go on writing there
  }
  losses_tell(&losses, path);
  return code ? EXIT_FAILED : EXIT_OK;
}
