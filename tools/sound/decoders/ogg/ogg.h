// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H
#define GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H

#include "sound/decoders/byte_stream.h"
#include "sound/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
   The links of a chain, one after the other: whole streams, which may be alike
   down to their serial number.  In a file the part of the stream is one link,
   in a pipe reading ends where another begins.
*/
typedef struct {
  ByteStream* stream;
  int64_t     last;     ///< Where the chain ends, from the file's beginning
  int64_t     next;     ///< Where the next link begins, or -1
  int64_t     page_end; ///< In a pipe: of the page that is read
  bool        has_data; ///< In a pipe: not all pages were first ones
} OggChain;

/// Return whether a stream is Ogg and its first packet begins with a text
bool
ogg_begins_with(ByteStream* stream, const char* text);

/**
   Return whether the first page of sound is as it was written.

   The libraries take a stream whose first pages are lost for one that begins
   later.  Also true where damaged headers, or too many in a pipe, are before
   it, and where it is not there.

   @param stream At the beginning of a link.
   @param n_headers Packets before the sound.
*/
bool
ogg_begins_whole(ByteStream* stream, unsigned n_headers);

/// Begin with the link at a place of a stream
void
ogg_chain_start(OggChain* chain, ByteStream* stream, int64_t at);

/// Read bytes of the link; none at its end
size_t
ogg_chain_read(OggChain* chain, void* bytes, size_t n);

/// Go to the next link, return false if there is none
bool
ogg_chain_next(OggChain* chain);

/// Return whether there is but one link, as far as anybody knows
bool
ogg_chain_is_single(const OggChain* chain);

/// Return the place in the sound that a file's last page tells, or -1
int64_t
ogg_last_granule(ByteStream* stream);

/// Go to a place as fseek() does; returns -1 in a pipe
int
ogg_seek(ByteStream* stream, int64_t offset, int whence);

/// Return whether what was read to its end ends with a page that says so
bool
ogg_is_whole(ByteStream* stream);

/**
   Set what an input is, as a decoder's open() has to.

   @param n_frames Negative if that is not known.
*/
void
ogg_describe(SoundInput* input,
             int         rate,
             int         n_channels,
             int         codec,
             int64_t     n_frames);

/// Warn if what was read to its end has lost its last page
void
ogg_check_end(SoundInput* input);

#endif // GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H
