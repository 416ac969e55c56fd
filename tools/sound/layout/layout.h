// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file layout.h

   Which channel of a sound is heard from which speaker.

   Inside Grus the channels that have speakers come first and in the order of
   the bits of WAVE_FORMAT_EXTENSIBLE's mask, from left to top back right; all
   others follow.  Every file that is read is put into this order, and into its
   own when it is written.
*/

#ifndef GRUS_TOOLS_SOUND_LAYOUT_LAYOUT_H
#define GRUS_TOOLS_SOUND_LAYOUT_LAYOUT_H

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Speakers: numbers of bits in the mask of WAVE_FORMAT_EXTENSIBLE
typedef enum {
  SPEAKER_NONE = -1, ///< None, or one that the mask has no bit for
  SPEAKER_FL,        ///< Front left
  SPEAKER_FR,        ///< Front right
  SPEAKER_FC,        ///< Front centre
  SPEAKER_LFE,       ///< Low frequency effects
  SPEAKER_BL,        ///< Back left
  SPEAKER_BR,        ///< Back right
  SPEAKER_FLC,       ///< Front left of centre
  SPEAKER_FRC,       ///< Front right of centre
  SPEAKER_BC,        ///< Back centre
  SPEAKER_SL,        ///< Side left
  SPEAKER_SR,        ///< Side right
  SPEAKER_TC,        ///< Top centre
  SPEAKER_TFL,       ///< Top front left
  SPEAKER_TFC,       ///< Top front centre
  SPEAKER_TFR,       ///< Top front right
  SPEAKER_TBL,       ///< Top back left
  SPEAKER_TBC,       ///< Top back centre
  SPEAKER_TBR,       ///< Top back right
  N_SPEAKERS,
} Speaker;

/// What a file says of its speakers, or nothing
typedef struct {
  uint32_t n_channels; ///< 1 to #GRUS_MAX_CHANNELS
  uint32_t mask;       ///< Bits of speakers, at most `n_channels`; 0: not known
} Layout;

/// Where the channels of a frame come from in another order
typedef struct {
  uint32_t n_channels;
  uint8_t  from[GRUS_MAX_CHANNELS];
} ChannelOrder;

/// How well channels fit the speakers of a format that has only these
typedef enum {
  LAYOUT_FITS,    ///< All are there
  LAYOUT_NEAR,    ///< Some move, like those at the sides to the back
  LAYOUT_MOVED,   ///< Some are heard from quite another place
  LAYOUT_DAMAGED, ///< One would be taken for low frequency effects
} LayoutFit;

/// Room for the name of any layout
enum { LAYOUT_NAME_SIZE = 128 };

/// Return the usual speakers of so many channels, 0 if there are none
uint32_t
layout_usual_mask(uint32_t n_channels);

/// Return the speakers of channels, the usual ones if they are not known
uint32_t
layout_mask(Layout layout);

/// Return whether channels are where anyone would take them to be
bool
layout_is_usual(Layout layout);

/// Return whether each channel has a speaker that is known
bool
layout_is_whole(Layout layout);

/// Write a name like "5.1(side)", as ffmpeg has it, or one like "FL+LFE"
void
layout_name(uint32_t mask, char name[LAYOUT_NAME_SIZE]);

/**
   Find the layout of channels whose speakers a file names one by one.

   @param order Set to what puts its channels into Grus' order: none if two
   have one speaker, in which case nothing is known.
*/
Layout
layout_of_speakers(uint32_t       n_channels,
                   const Speaker* speakers,
                   ChannelOrder*  order);

/// Return a layout whose mask comes from outside: no more bits than channels
Layout
layout_of_mask(uint32_t n_channels, uint32_t mask);

/// Return the speakers of Ogg Vorbis and Opus, or null above 8 channels
const Speaker*
layout_ogg_speakers(uint32_t n_channels);

/// Return the layout of Ogg Vorbis and Opus with what brings it into Grus'
/// order
Layout
layout_of_ogg(uint32_t n_channels, ChannelOrder* order);

/**
   Place channels on the speakers of a format that knows no others.

   Each goes to its own speaker, else to one beside it, else to what is left,
   in order.  Channels whose speakers are not known count as the usual ones.

   @param order Set to what puts Grus' channels into the format's order.
*/
LayoutFit
layout_place(Layout layout, const Speaker* speakers, ChannelOrder* order);

/// Return the order that changes nothing
ChannelOrder
channel_order_same(uint32_t n_channels);

/// Put the channels of interleaved frames into another order
void
channel_order_apply(const ChannelOrder* order, float* frames, size_t n_frames);

#endif // GRUS_TOOLS_SOUND_LAYOUT_LAYOUT_H
